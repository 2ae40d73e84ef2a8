"""What stands above every page of the office."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldvisit import access, alarms

register = template.Library()


@register.simple_tag
def desk_watch(user) -> alarms.Watch:
    """`{% desk_watch user as watch %}`: held work and alarms; nothing for those outside the office."""
    if not access.signed_in(user) or user.role not in access.OFFICE:
        return alarms.Watch()
    return alarms.watch(user, timezone.now())


@register.filter
def hours(span) -> str:
    """A timedelta in whole hours, in days from three days on: "7 h", "3 d"."""
    if span is None:
        return ""
    whole = max(int(span.total_seconds() // 3600), 0)
    return _("{n} h").format(n=whole) if whole < 72 else _("{n} d").format(n=whole // 24)
