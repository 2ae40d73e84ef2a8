"""A visit as planned and as it happened. What happened is taken from the phone's events, never typed in the office."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from .case import Address, Case
from .event import Event


class Outcome(models.TextChoices):
    AGREEMENT = "agreement", _("Agreement signed")
    NO_AGREEMENT = "no_agreement", _("Talked, no agreement")
    REFUSED = "refused", _("He does not want to talk")
    NOT_MET = "not_met", _("Nobody met")
    MOVED = "moved", _("No longer lives here")
    STOPPED = "stopped", _("Visit stopped")


class NextAction(models.TextChoices):
    NONE = "none", _("Nothing more")
    VISIT = "visit", _("Visit again")
    CALL = "call", _("Telephone")
    OFFICE = "office", _("The office takes over")


class Visit(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="accompanied"
    )
    address = models.ForeignKey(Address, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    planned_on = models.DateField()
    planned_start = models.TimeField(null=True, blank=True)
    planned_end = models.TimeField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0, help_text="place in the order of the day")
    # what he asked for: the visit begins within these hours
    wish_from = models.TimeField(null=True, blank=True)
    wish_until = models.TimeField(null=True, blank=True)
    put_off_at = models.DateTimeField(null=True, blank=True, help_text="not made, and no new day yet")
    # corrected times of the phone's own events
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    next_action = models.CharField(max_length=16, choices=NextAction.choices, blank=True)
    next_on = models.DateField(null=True, blank=True)
    last_seq = models.PositiveIntegerField(null=True, blank=True, help_text="said by visit.ended")
    check_by = models.DateTimeField(null=True, blank=True, help_text="by when the one at the door gives a word")
    complete_at = models.DateTimeField(null=True, blank=True, help_text="every event and every blob it names is here")

    class Meta:
        indexes = [
            models.Index(fields=["collector", "planned_on", "place"]),
            models.Index(fields=["complete_at", "id"]),
        ]


class FromPhone(models.Model):
    """A row that one event made."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="%(class)ss")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="corrected time of capture")

    class Meta:
        abstract = True


class Position(FromPhone):
    """Where the phone was, or why it does not know. One for a visit's start, one per visit.location."""

    lat_e7 = models.IntegerField(null=True)
    lon_e7 = models.IntegerField(null=True)
    accuracy_cm = models.PositiveIntegerField(null=True)
    age_ms = models.PositiveIntegerField(null=True)
    refused = models.CharField(
        max_length=16,
        blank=True,
        choices=[
            ("denied", _("not allowed on this phone")),
            ("unavailable", _("no position found")),
            ("timeout", _("took too long")),
        ],
    )

    @property
    def degrees(self) -> str:
        """As maps take it: "30.2760000, 120.1550000"; empty without a position."""
        return "" if self.lat_e7 is None else f"{self.lat_e7 / 1e7:.6f}, {self.lon_e7 / 1e7:.6f}"


class Consent(FromPhone):
    """visit.consent: identity shown, recording announced, who is there, may we come in."""

    identity_shown = models.BooleanField()
    recording_announced = models.BooleanField()
    present = models.JSONField(default=list)
    second_username = models.CharField(max_length=150, blank=True)
    entry = models.CharField(
        max_length=16,
        choices=[
            ("given", _("He asked us in")),
            ("outside", _("We talked outside")),
            ("refused", _("He refused")),
            ("nobody", _("Nobody opened")),
        ],
    )


class NoteKind(models.TextChoices):
    STATEMENT = "statement", _("What he said")
    OBSERVATION = "observation", _("What I saw")
    OPINION = "opinion", _("What I think")


class Note(FromPhone):
    kind = models.CharField(max_length=16, choices=NoteKind.choices)
    text = models.TextField()
