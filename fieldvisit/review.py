"""Review: which visits wait for the office, what it should look at in them, and what it decides.

Other apps add to it when they are ready: `flags(fn, prefetch=[…])` with fn(visit) -> list of Flag, and `panels(fn)`
with fn(visit) -> list of {"template", "context"}. A `fn` of flags is called for every row of the queue, so it must
query nothing: what it reads through the visit's relations it names in `prefetch`. `visit.work` holds the visit's
events, without their bytes; `visit.went_with` the username of the second collector as the start of the visit says.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime

from . import access, course, history, record, review_claims
from .flags import Flag, own
from .models import Decision, DecisionUndone, Event, Party, ReviewDecision, RuleChange, User, Visit
from .problems import Refused
from .rules import desk

__all__ = [
    "Flag",
    "approve_plain",
    "debtor_name",
    "decide",
    "done_today",
    "flags",
    "flags_of",
    "gather",
    "panels",
    "panels_of",
    "parts",
    "plain",
    "queue",
    "sampled",
    "standing",
    "undo",
]

_flags: list[Callable] = [own]
_panels: list[Callable] = []
_prefetch: list = ["notes", "consents", "positions", "photos", "photoorders"]


def flags(fn: Callable | None = None, *, prefetch: Iterable = ()) -> Callable:
    """Register a source of flags; also a decorator."""
    _prefetch.extend(prefetch)

    def register(fn):
        if fn not in _flags:
            _flags.append(fn)
        return fn

    return register(fn) if fn else register


def panels(fn: Callable) -> Callable:
    """Register panels for one visit, shown under the flags."""
    if fn not in _panels:
        _panels.append(fn)
    return fn


def queue(user: User) -> QuerySet[Visit]:
    """Ended visits without a decision that still stands, in the order in which they ended.

    Work that arrives after a decision brings the visit back: somebody must see it.
    """
    arrived = Q(received_at__gt=OuterRef("at")) | Q(decisions__accepted=True, decisions__at__gt=OuterRef("at"))
    newer = Event.objects.filter(arrived, visit_id=OuterRef("visit_id"))
    whole = Q(visit__complete_at=None) | Q(visit__complete_at__lte=F("at"))
    stands = ReviewDecision.objects.stood().filter(whole, ~Exists(newer), visit=OuterRef("pk"))
    return access.visits(user).filter(~Exists(stands), ended_at__isnull=False).order_by("ended_at", "pk")


def gather(visits: QuerySet[Visit]) -> list[Visit]:
    """The visits with all that flags and rows need; the number of queries does not depend on how many they are."""
    debtors = Prefetch("case__parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    found = list(
        visits.select_related("case__debt", "case__creditor", "collector", "second", "address").prefetch_related(
            debtors,
            "case__permissions",
            Prefetch("decisions", ReviewDecision.objects.stood().order_by("id").select_related("by")),
            *_prefetch,
        )
    )
    work = defaultdict(list)
    events = Event.objects.filter(visit_id__in=[v.pk for v in found]).defer("bytes", "signature").order_by("seq")
    for event in events.prefetch_related("decisions"):
        work[event.visit_id].append(event)
    # the first start, and only if the person it names is known: a name alone is no second collector
    doubtful = {"started_twice", "second_unknown"}
    counted = [
        e.pk for each in work.values() for e in each if e.type == "visit.started/1" and not doubtful & set(e.marks)
    ]
    starts = Event.objects.filter(pk__in=counted)
    went = {
        visit_id: json.loads(bytes(raw))["body"].get("second")
        for visit_id, raw in starts.values_list("visit_id", "bytes")
    }
    changed = list(RuleChange.objects.order_by("pk"))
    for visit in found:
        visit.work, visit.went_with, visit.rule_changes = work[visit.pk], went.get(visit.pk), changed
    return found


def flags_of(visit: Visit) -> list[Flag]:
    """All flags of a gathered visit: blocks first, then warnings, then what was kept."""
    found = [flag for fn in _flags for flag in fn(visit)]
    return sorted(found, key=lambda flag: ["block", "warn", "ok"].index(flag.level))


def panels_of(visit: Visit) -> list[dict]:
    return [panel for fn in _panels for panel in fn(visit)]


def debtor_name(visit: Visit) -> str:
    """The debtor's name of a gathered visit; the contract number where the file named nobody."""
    return next((party.name for party in visit.case.debtors), visit.case.contract_number)


def standing(visit: Visit) -> ReviewDecision | None:
    """The latest decision of a gathered visit, unless work arrived, or was taken out of what is held, after it."""
    latest = max(visit.decisions.all(), key=lambda decision: decision.pk, default=None)
    arrivals = [event.received_at for event in visit.work] + [visit.complete_at] * bool(visit.complete_at)
    arrivals += [made.at for event in visit.work for made in event.decisions.all() if made.accepted]
    return latest if latest and all(at <= latest.at for at in arrivals) else None


def done_today(user: User, now: datetime) -> int:
    """How many this user decided since local midnight."""
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return ReviewDecision.objects.stood().filter(by=user, at__gte=midnight).count()


@transaction.atomic
def decide(
    *, visit: Visit, decision: str, sentence: str = "", marked: str = "", by: User, now: datetime
) -> ReviewDecision:
    """Approve a visit or send it back with a sentence; the record keeps it, with the flags that stood.

    `marked` is a key of `parts`: what of the visit the sentence is about. Refused: review.not_ended,
    review.incomplete (approval only), review.sentence, review.own, review.decided, review.claimed.
    """
    record.lock([visit.case_id])
    (visit,) = gather(Visit.objects.filter(pk=visit.pk))
    sentence = sentence.strip()
    if visit.ended_at is None:
        raise Refused("review.not_ended")
    if by.pk in (visit.collector_id, visit.second_id):
        raise Refused("review.own")
    if former := standing(visit):
        raise Refused("review.decided", name=str(former.by), decision=former.get_decision_display())
    if held := review_claims.others([visit], by, now).get(visit.pk):
        raise Refused("review.claimed", name=str(held.by), until=f"{localtime(held.until):%H:%M}")
    if decision == Decision.APPROVED and visit.complete_at is None:
        raise Refused("review.incomplete")
    if decision == Decision.RETURNED and not sentence:
        raise Refused("review.sentence")
    raised = [{"code": flag.code, "level": flag.level} for flag in flags_of(visit) if flag.level != "ok"]
    about = parts(visit).get(marked, "") if decision == Decision.RETURNED else ""
    made = ReviewDecision.objects.create(
        visit=visit, decision=decision, sentence=sentence, marked=marked if about else "", by=by, at=now
    )
    review_claims.end(visit)
    record.append(
        case=visit.case,
        action=f"visit.{decision}",
        object=f"visit:{visit.pk}",
        actor=by,
        payload={"sentence": sentence, "flags": raised} | ({"marked": made.marked} if about else {}),
        now=now,
    )
    return made


@transaction.atomic
def undo(*, visit: Visit, by: User, now: datetime) -> DecisionUndone:
    """Take back his own decision within the time for it: no phone has been told yet.

    Refused("review.undo_late") when the time is over, or there is no decision of his.
    """
    record.lock([visit.case_id])
    made = ReviewDecision.objects.stood().filter(visit=visit).order_by("pk").last()
    if made is None or made.by_id != by.pk or now - made.at > timedelta(seconds=desk.policy()["review"]["undo_s"]):
        raise Refused("review.undo_late", seconds=desk.policy()["review"]["undo_s"])
    record.append(case=visit.case, action=history.UNDONE, object=f"visit:{visit.pk}", actor=by,
                  payload={"decision": made.decision}, now=now)  # fmt: skip
    return DecisionUndone.objects.create(decision=made, by=by, at=now)


def parts(visit: Visit) -> dict:
    """{key: words} of what a sentence may be about: parts of every visit, and each photo of this one."""
    shown = enumerate(course.photos(visit), start=1)
    keys = [*history.PARTS, *(f"photo:{photo.pk}:{n}" for n, photo in shown)]
    return {key: str(history.part(key)) for key in keys}


def sampled(visit: Visit) -> bool:
    """Is it one of those that a person looks at whole, flags or not? Nobody outside can reckon which."""
    drawn = int(salted_hmac("fieldvisit.review.sample", str(visit.pk), algorithm="sha256").hexdigest()[:8], 16)
    return drawn % 100 < desk.policy()["review"]["sample_percent"]


def plain(visit: Visit) -> bool:
    """May a gathered visit be approved together with others? Nothing is flagged or missing, and it is no sample."""
    return (
        visit.complete_at is not None and not sampled(visit) and all(flag.level == "ok" for flag in flags_of(visit))
    )


def approve_plain(*, visits: QuerySet[Visit], by: User, now: datetime) -> tuple[int, int]:
    """Approve those that are plain at this moment: (approved, left alone). Each is a decision of its own."""
    done = left = 0
    for visit in gather(visits):
        try:
            if not plain(visit):
                raise Refused("review.not_plain")
            decide(visit=visit, decision=Decision.APPROVED, by=by, now=now)
            done += 1
        except Refused:
            left += 1
    return done, left
