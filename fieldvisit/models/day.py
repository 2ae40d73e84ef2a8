"""The order of a collector's day, and visits that could not be made."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .contact import FromField
from .event import Event


class Mode(models.TextChoices):
    E_BIKE = "e-bike", _("E-bike")
    BICYCLE = "bicycle", _("Bicycle")
    WALK = "walk", _("On foot")
    TRANSIT = "transit", _("Bus and underground")
    CAR = "car", _("Car")


class DayOrder(models.Model):
    """The order that one day has from now on, and who or what gave it. Rows are only added; the newest stands."""

    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="day_orders")
    on = models.DateField()
    how = models.CharField(
        max_length=8,
        choices=[
            ("solver", _("put in order by the program")),
            ("nearest", _("always to the nearest next door")),
            ("desk", _("moved in the office")),
            ("phone", _("moved on the phone")),
        ],
    )
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.E_BIKE)
    order = models.JSONField(help_text="ids of visits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["collector", "on"], name="orders_by_day")]


class PutOffReason(models.TextChoices):
    ASKED = "asked", _("He asked for another day")
    NO_TIME = "no_time", _("No time left today")
    NO_WAY = "no_way", _("The way was not possible (weather, traffic)")
    ALONE = "alone", _("The second collector was missing")
    RULE = "rule", _("A rule was in the way")
    OTHER = "other", _("Something else")


class PutOff(FromField):
    """plan.put_off: a visit that was planned and could not be made; `new_on` empty: the office plans it again."""

    reason = models.CharField(max_length=8, choices=PutOffReason.choices)
    text = models.TextField(blank=True)
    new_on = models.DateField(null=True)
