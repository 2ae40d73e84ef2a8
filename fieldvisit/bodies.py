"""The form of every event: exactly these keys, of these kinds. What deviates is invalid and stays on the phone.

A shape is a function (value, where) that returns nothing or raises Misshapen(where); `where` is a path: body.kind.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from .models import Answer, Channel, HoldReason, NextAction, NoteKind, Outcome, Property, PutOffReason, Way
from .rules import door

SAFE = 2**53 - 1
INT32 = 2**31 - 1


class Misshapen(Exception):
    def __init__(self, where: str):
        super().__init__(where)
        self.where = where


def check(holds: Callable[[object], bool]) -> Callable:
    def shape(value, where):
        if not holds(value):
            raise Misshapen(where)

    return shape


def whole(low: int, high: int) -> Callable:
    return check(lambda value: type(value) is int and low <= value <= high)


def text(most: int, least: int = 0) -> Callable:
    return check(lambda value: isinstance(value, str) and least <= len(value) <= most)


def like(pattern: str) -> Callable:
    fits = re.compile(pattern, re.ASCII).fullmatch
    return check(lambda value: isinstance(value, str) and fits(value) is not None)


def one_of(*values) -> Callable:
    return check(lambda value: isinstance(value, str) and value in values)


def maybe(shape: Callable) -> Callable:
    return lambda value, where: None if value is None else shape(value, where)


def list_of(shape: Callable, most: int, least: int = 0) -> Callable:
    def each(value, where):
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Misshapen(where)
        for place, item in enumerate(value):
            shape(item, f"{where}.{place}")

    return each


def keys(**shapes: Callable) -> Callable:
    """An object with exactly these keys."""

    def each(value, where):
        if not isinstance(value, dict):
            raise Misshapen(where)
        if strange := set(value) ^ set(shapes):
            raise Misshapen(f"{where}.{min(strange)}".lstrip("."))
        for name, shape in shapes.items():
            shape(value[name], f"{where}.{name}".lstrip("."))

    return each


def allowing(shape: Callable, **optional: Callable) -> Callable:
    """The same object with keys that may be missing."""

    def each(value, where):
        shape({k: v for k, v in value.items() if k not in optional} if isinstance(value, dict) else value, where)
        for name in optional.keys() & value.keys():
            optional[name](value[name], f"{where}.{name}".lstrip("."))

    return each


def _reads(parse: Callable) -> Callable[[object], bool]:
    def holds(value):
        try:
            parse(value)
        except (ValueError, TypeError):
            return False
        return True

    return holds


def _moment(value: str) -> datetime:
    if not MOMENT.fullmatch(value) or not 1970 <= datetime.fromisoformat(value).year <= 2200:
        raise ValueError
    return datetime.fromisoformat(value)


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)", re.ASCII)
moment = check(_reads(_moment))
DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d", re.ASCII)  # fromisoformat also takes 2026-W01-1
_is_day = _reads(date.fromisoformat)
day = check(lambda value: isinstance(value, str) and DAY.fullmatch(value) is not None and _is_day(value))
boolean = check(lambda value: isinstance(value, bool))
anything = check(lambda value: isinstance(value, dict))
uuid = like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
sha256 = like(r"[0-9a-f]{64}")
username = text(150, 1)

POSITION = keys(
    lat_e7=whole(-900_000_000, 900_000_000),
    lon_e7=whole(-1_800_000_000, 1_800_000_000),
    accuracy_cm=whole(0, INT32),
    age_ms=whole(0, INT32),
)
PLACE = {"position": maybe(POSITION), "position_refused": maybe(one_of("denied", "unavailable", "timeout"))}

EVENT = keys(
    v=check(lambda value: type(value) is int and value == 1),
    event_id=uuid,
    type=text(48, 1),
    visit_id=maybe(uuid),  # null: BESIDE_VISITS
    case_ref=text(32, 1),
    seq=whole(1, 100_000),
    depends_on=list_of(uuid, 20),
    device_id=uuid,
    device_seq=whole(1, SAFE),
    prev_sha256=maybe(sha256),
    captured_at=moment,
    clock=keys(
        # a hundred years: what is merely absurd is a mark, not a refusal
        mono_ms=whole(0, SAFE),
        offset_ms=maybe(whole(-3_200_000_000_000, 3_200_000_000_000)),
        offset_age_s=maybe(whole(0, SAFE)),
    ),
    basis=allowing(
        keys(
            case_version=maybe(whole(0, SAFE)),
            assignment_id=maybe(
                check(lambda value: type(value) is int or (isinstance(value, str) and len(value) <= 64))
            ),
            offer_id=maybe(uuid),
            rules=maybe(text(64)),
        ),
        # what the phone had been told by those rules; a phone of the first release does not say it
        verdicts=list_of(keys(rule=like(r"[A-Z0-9-]{1,32}"), effect=one_of("warn", "require", "block")), 40),
    ),
    app=keys(build=text(64), schema=text(32)),
    blobs=list_of(
        keys(sha256=sha256, sent_sha256=sha256, bytes=whole(1, SAFE), mime=text(100, 1), role=text(32, 1)), 20
    ),
    body=anything,
)

HOUR = like(r"([01]\d|2[0-3]):[0-5]\d|24:00")
# x and y in 1/100 px of the pad, ms since the first point, pressure in 1/1000; one stroke at least
STROKES = keys(
    pad=list_of(whole(1, INT32), 2, 2),
    pointer=one_of("touch", "pen", "mouse"),
    data=list_of(list_of(list_of(whole(0, INT32), 4, 4), 5000, 1), 200, 1),
)

BODIES = {
    "visit.started/1": keys(
        **PLACE, bring=list_of(one_of("work-card", "mandate", "rights-card", "recorder"), 4), second=maybe(username)
    ),
    "visit.consent/1": keys(
        identity_shown=boolean,
        recording_announced=boolean,
        present=list_of(one_of("debtor", "spouse", "adult-relative", "minor", "other", "nobody"), 6),
        second=maybe(username),
        entry=one_of("given", "outside", "refused", "nobody"),
    ),
    "visit.note/1": keys(kind=one_of(*NoteKind.values), text=text(4000, 1)),
    "visit.photo/1": allowing(
        keys(
            kind=one_of("door", "building", "document", "paper", "other"),
            caption=text(200),
            width=whole(1, 100_000),
            height=whole(1, 100_000),
            **PLACE,
        ),
        covered=whole(1, 40),  # places that the collector filled before it was kept
    ),
    "visit.photo_order/1": keys(order=list_of(uuid, 500)),
    "visit.location/1": keys(**PLACE),
    "visit.announced/1": keys(),
    "visit.second/1": keys(username=username, code=text(16, 8)),
    "visit.companion/1": keys(**PLACE),
    "visit.checkin/1": keys(),
    "visit.help/1": keys(**PLACE),
    "visit.objected/1": keys(),
    "visit.recording/1": keys(
        segment=uuid,
        started_at=moment,
        duration_ms=whole(0, INT32),
        lost_ms=whole(0, INT32),
        pieces=whole(1, 20_000),
        digest=sha256,
        mime=one_of("audio/webm", "audio/ogg", "audio/mp4"),
        ended=one_of("ended", "stopped", "paused", "objected", "rolled", "cut", "interrupted", "full"),
    ),
    "visit.recorder/1": keys(reference=text(120, 1), file=text(120)),
    "visit.recorder_file/1": keys(recorder=uuid, sha256=sha256, size=whole(1, SAFE), name=text(200)),
    "visit.ended/1": keys(
        outcome=one_of(*Outcome.values),
        next_action=one_of(*NextAction.values),
        next_on=maybe(day),
        copy_left=boolean,
        last_seq=whole(1, 100_000),
        **PLACE,
    ),
    "stop.raised/1": keys(
        reason=one_of(*door.policy()["stops"]), text=text(4000)
    ),
    "contact.permitted/1": keys(**{"from": HOUR}, until=HOUR, last_day=day, strokes=STROKES),
    "notice.shown/1": keys(notice=one_of("card-and-rights"), language=one_of("zh-hans", "en"), ms=whole(0, SAFE)),
    "contact.made/1": keys(channel=one_of(*Channel.values), outcome=one_of(*Answer.values), text=text(4000)),
    "promise.made/1": keys(amount_fen=whole(1, 10**13), on=day, way=one_of(*Way.values), text=text(500)),
    "contact.change_requested/1": keys(
        party=uuid, property=one_of(*Property.values), before=text(400), after=text(200, 1), text=text(500)
    ),
    "case.status_requested/1": keys(
        status=one_of("closed", "paused"), reason=one_of(*HoldReason.values), until=maybe(day), text=text(4000)
    ),
    "plan.ordered/1": keys(on=day, order=list_of(uuid, 100, 1)),
    "plan.put_off/1": keys(visit=uuid, reason=one_of(*PutOffReason.values), text=text(1000), new_on=maybe(day)),
    "plan.wanted/1": keys(on=day),
    # What lies inside these two is judged by the app that owns them.
    "agreement.proposed/1": keys(agreement=anything),
    "signature.captured/1": keys(signature=anything),
    "signature.refused/1": allowing(
        keys(
            # both null where he refused before a text was shown
            agreement_id=maybe(uuid),
            terms_sha256=maybe(sha256),
            reason=one_of("cannot_pay", "wants_time", "disputes", "no_reason", "other"),
            text=text(4000),
        ),
        # where it is not the debtor
        signer=keys(role=text(16, 1), party=text(64, 1)),
    ),
}

# What may also be done without a visit; its `seq` then counts within the case.
BESIDE_VISITS = {"contact.made/1", "promise.made/1", "contact.change_requested/1", "case.status_requested/1"}
BESIDE_VISITS |= {"plan.ordered/1", "plan.put_off/1", "plan.wanted/1"}
