"""What became of people's accounts, and where each person is signed in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountAction(models.TextChoices):
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    INVITED = "invited", _("link to begin")
    SET_UP = "set-up", _("password and code chosen")
    DEACTIVATED = "deactivated", _("deactivated")
    REACTIVATED = "reactivated", _("reactivated")
    LOCKED = "locked", _("locked after wrong passwords")
    UNLOCKED = "unlocked", _("unlocked")
    SESSIONS = "sessions", _("sessions ended")
    TEAM = "team", _("team")
    AGENCY = "agency", _("agency")


class AccountEntry(models.Model):
    """One change of an account, a team or an agency. INSERT only: the database refuses to change it.

    `before`, `after`: the fields that differ, as text. `user` is null for teams and agencies; `by` for the system.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="account_entries"
    )
    action = models.CharField(max_length=12, choices=AccountAction.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SignIn(models.Model):
    """One session of one person: since when, last seen, from where. Ended: the session itself is gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"])]
