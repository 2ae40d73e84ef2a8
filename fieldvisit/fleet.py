"""The phones in use: what each says of itself, which numbers of its chain are missing, and who must be told.

The phone shows its own owner red at 24 h; at 48 h the server tells the supervisor: a phone that has been silent with
work assigned, numbers that do not come, or work that the phone itself says it cannot send.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from . import access, devices
from .models import Assignment, Device, DeviceOrder, Event, Role, User, Visit
from .rules import builds

RED, TOLD = timedelta(hours=24), timedelta(hours=48)


@dataclass(frozen=True)
class Alarms:
    """How many phones: silent with work assigned, with missing numbers, with work unsent, each for 48 h."""

    silent: int = 0
    missing: int = 0
    unsent: int = 0

    def __bool__(self) -> bool:
        return bool(self.silent or self.missing or self.unsent)


def devices_of(user: User) -> QuerySet[Device]:
    """A supervisor's are those of his team; the reviewer and the administrator see all."""
    if user.role == Role.SUPERVISOR:
        return Device.objects.filter(user__team=user.team_id) if user.team_id else Device.objects.none()
    return Device.objects.all() if user.role in (Role.REVIEWER, Role.ADMINISTRATOR) else Device.objects.none()


def rows(user: User, now: datetime) -> list[Device]:
    """Each with `.working`, `.highest`, `.missing_numbers`, `.silent_for`, `.unsent_for`, `.flags`, `.last_order`,
    `.outdated`, and `.red` with its reasons `.quiet` and `.stuck`; red ones first. A fixed number of queries."""
    orders = Prefetch("orders", DeviceOrder.objects.order_by("pk").select_related("by"))
    found = _with_work(devices_of(user))
    found = list(found.select_related("user__team", "consent", "enrolment__issued_by").prefetch_related(orders))
    missing = devices.gaps(found)
    highest = dict(
        Event.objects.filter(device__in=found).values_list("device").annotate(highest=Max("device_seq")).order_by()
    )
    for row in found:
        row.highest, row.missing_numbers = highest.get(row.pk, 0), missing.get(row.pk, [])
        row.silent_for = now - (row.last_seen_at or row.enrolled_at)
        row.flags = devices.flags(row, row.orders.all())
        row.last_order = next(iter(reversed(row.orders.all())), None)
        row.unsent_for = now - row.unsent_since if row.unsent and row.unsent_since else None
        row.quiet = row.revoked_at is None and row.working and row.silent_for >= RED
        row.stuck = row.revoked_at is None and row.unsent_for is not None and row.unsent_for >= RED
        lacking = bool(row.missing_numbers) and row.missing_since is not None and now - row.missing_since >= RED
        row.outdated = row.revoked_at is None and builds.older(row.build, settings.MINIMUM_BUILD)
        row.red = row.quiet or row.stuck or (row.revoked_at is None and lacking)
    return sorted(found, key=lambda row: (row.revoked_at is not None, not row.red, row.user.name, row.enrolled_at))


def alarms(user: User, now: datetime) -> Alarms:
    """What the supervisor and the administrator are told on every page; four queries at most, whatever their number."""
    if user.role not in access.IN_CHARGE:
        return Alarms()
    late = now - TOLD
    in_use = devices_of(user).filter(revoked_at=None)
    quiet = Q(last_seen_at__lt=late) | Q(last_seen_at=None, enrolled_at__lt=late)
    seen = Device.objects.filter(user=OuterRef("user"), revoked_at=None, last_seen_at__gte=late)
    # who has another phone that speaks is not silent, unless this one has work on it
    quiet &= Q(unsent__gt=0) | ~Exists(seen)
    silent = _with_work(in_use).filter(quiet, working=True).count()
    unsent = in_use.filter(unsent__gt=0, unsent_since__lt=late).count()
    suspects = list(in_use.filter(missing_since__lt=late))
    return Alarms(silent=silent, missing=len(devices.gaps(suspects)), unsent=unsent)


def runs(device_id: str, build: str) -> None:
    """The build that a phone says it runs; written when it has changed."""
    if build and build.isprintable() and len(build) <= 64:
        Device.objects.filter(pk=device_id).exclude(build=build).update(build=build)


def look_again(now: datetime) -> int:
    """Note since when numbers are missing, and forget it where they have come; returns how many phones lack some."""
    found = list(Device.objects.filter(revoked_at=None))
    missing = devices.gaps(found)
    Device.objects.filter(missing_since__isnull=False).exclude(pk__in=missing).update(missing_since=None)
    Device.objects.filter(missing_since=None, pk__in=missing).update(missing_since=now)
    return len(missing)


def _with_work(found: QuerySet[Device]) -> QuerySet[Device]:
    """Work assigned: a case that is his and open, or a visit that he has begun and not ended."""
    cases = Assignment.objects.filter(collector=OuterRef("user"), until_at=None, case__closed_at=None)
    visits = Visit.objects.filter(collector=OuterRef("user"), ended_at=None, started_at__isnull=False)
    return found.annotate(working=Exists(cases) | Exists(visits))
