"""Messages to people outside: noted in the transaction of what they tell of, sent by the worker, tried again.

    kind("agreement.copy", fn)     fn(message) -> (subject, text), made when it is sent; None: no longer needed
    note(...)                      at most one row a key
    send_due(now=...)              by the worker, and by manage.py send_messages

A number stands in its row, never in a log; a text is kept nowhere, only its hash.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django_tasks import task

from . import record, wire
from .models import Case, Message, MessageChannel, MessageState
from .rules import conduct

log = logging.getLogger(__name__)
# Product defaults: how long to wait after each fault, and when to give up.
AGAIN = [timedelta(minutes=n) for n in (1, 5, 30, 120, 480, 1440)]
CLAIM = timedelta(minutes=5)
_kinds: dict[str, Callable] = {}
_daily: list[Callable] = []


def kind(name: str, fn: Callable[[Message], tuple[str, str] | None]) -> None:
    _kinds[name] = fn


def daily(fn: Callable[[datetime], int]) -> Callable:
    """fn(now) notes what is due by the calendar, reminders for one, and says how many; called again it adds nothing."""
    _daily.append(fn)
    return fn


def note_due(*, now: datetime) -> int:
    return sum(fn(now) for fn in _daily)


def way(channel: str):
    """What sends on this channel, or None where the settings name nothing."""
    path = settings.MESSAGES.get(channel)
    return import_string(path)() if path else None


def note(
    *, key: str, kind: str, case: Case, to: str, language: str, now: datetime, channel: str = MessageChannel.SMS,
    params: dict | None = None, quiet: bool = False,
) -> Message | None:
    """Waits to be sent; the same key again changes nothing. None without an address."""  # fmt: skip
    if not to:
        return None
    values = {"kind": kind, "case": case, "channel": channel, "to": to, "language": language, "params": params or {},
              "quiet": quiet, "made_at": now, "next_at": now}  # fmt: skip
    row, made = Message.objects.get_or_create(key=key, defaults=values)
    if made:
        transaction.on_commit(send_waiting.enqueue)
    return row


@task()
def send_waiting() -> int:
    """A nudge: the worker looks for what is due."""
    return send_due(now=timezone.now())


def send_due(*, now: datetime) -> int:
    """Send all that is due, oldest first; returns how many went out. Each on its own: one fault stops no other."""
    due = Message.objects.filter(state=MessageState.WAITING, next_at__lte=now).order_by("next_at", "pk")
    return sum(_send(pk, now) for pk in due.values_list("pk", flat=True)[:500])


def _send(pk, now: datetime) -> bool:
    # claimed before it is sent: two workers must not both send it, a dead one's claim runs out
    claimed = Message.objects.filter(pk=pk, state=MessageState.WAITING, next_at__lte=now)
    if not claimed.update(next_at=now + CLAIM):
        return False
    message = Message.objects.select_related("case__creditor").get(pk=pk)
    if message.quiet and (later := quiet_until(message.case, now)):
        _settle(message, next_at=later)
        return False
    with translation.override(message.language):
        made = _kinds[message.kind](message)
    if made is None:
        _settle(message, state=MessageState.CANCELLED)
        return False
    sender = way(message.channel)
    try:
        if sender is None:
            raise LookupError("no way to send")
        sender.send(to=message.to, subject=made[0], text=made[1])
    except Exception as fault:
        tries, name = message.tries + 1, type(fault).__name__
        more = AGAIN[message.tries] if message.tries < len(AGAIN) else None
        log.warning("message %s (%s) was not sent: %s, try %s", message.pk, message.kind, name, tries)
        state = MessageState.WAITING if more else MessageState.GIVEN_UP
        _settle(message, state=state, tries=tries, fault=name[:80], next_at=now + (more or timedelta()))
        return False
    digest = wire.sha256("\n".join(made).encode())
    with transaction.atomic():
        _settle(message, state=MessageState.SENT, tries=message.tries + 1, sent_at=now, sent_by=sender.name[:80],
                text_sha256=digest, fault="")  # fmt: skip
        record.append(
            case=message.case, action="message.sent", object=f"message:{message.pk}", now=now,
            payload={"kind": message.kind, "channel": message.channel, "by": sender.name, "text_sha256": digest},
        )  # fmt: skip
    return True


def _settle(message: Message, **values) -> None:
    Message.objects.filter(pk=message.pk).update(**values)


def quiet_until(case: Case, now: datetime) -> datetime | None:
    """The next moment at which the rules of conduct let a message go, looked for by the half hour; None: now."""
    rules = conduct.pack(case.jurisdiction)
    zone = ZoneInfo(rules["zone"])
    for step in range(49):
        at = now if step == 0 else now.replace(minute=now.minute // 30 * 30, second=0) + timedelta(minutes=30 * step)
        situation = {"act": "message", "channel": "message", "lender": case.creditor.lender_type, "facts": {},
                     "local": timezone.localtime(at, zone).strftime("%Y-%m-%dT%H:%M:%S")}  # fmt: skip
        if not any(verdict.effect in conduct.STOPS for verdict in conduct.weigh(situation, rules)):
            return None if step == 0 else at
    return now + timedelta(days=1)
