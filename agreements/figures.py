"""The evaluation: each figure of docs/figures.md is counted here and nowhere else.

`items` gives one Item for each thing that counts, once; tables, charts, exports and the lists behind a figure are all
made of the same items, so they cannot disagree. The number of queries is the same however much there is.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fieldvisit import access, flags, review
from fieldvisit.conduct import MET
from fieldvisit.models import Assignment, Case, Promise, Team, User, Visit

from . import payments, promises
from .models import Agreement, Concern, ConcernKind, Payment, State
from .rules import following
from .rules import promises as promise_rules
from .rules.dates import add_months
from .rules.standing import FULFILLED, PERFORMING

# Product defaults: how many visits are weighed by the rules of conduct again, how many plans stand in the cohorts.
LOOKED = 500
PLANS = 2000
MONTHS = 12
KEPT = (PERFORMING, FULFILLED)
BY = ("team", "collector", "product", "week")
# The columns of a table: (name, of what, per what). A name without a "per" is a count or a sum.
COLUMNS = (
    ("visits", "visits", None), ("contact", "met", "visits"), ("kept", "kept", "due"), ("signed", "signed", None),
    ("performing", "performing", "in_force"), ("recovered", "recovered", None),
    ("complaint_rate", "complaints", "visits"), ("conduct", "flagged", "looked"),
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One thing that counts: `n` is 1, or fen for `recovered`."""

    figure: str
    case: object
    team: int | None
    collector: int | None
    product: str
    on: date
    n: int = 1

    @property
    def week(self) -> date:
        """Its Monday."""
        return self.on - timedelta(days=self.on.weekday())


def items(user: User, first: date, last: date, now: datetime) -> list[Item]:
    """Everything that counts from `first` to `last`, both included, in the cases that `user` may reach."""
    return [*_visits(user, first, last), *_promises(user, first, last, now), *_plans(user, first, last, now),
            *_money(user, first, last), *_conduct(user, first, last)]  # fmt: skip


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first after `last`."""
    return tuple(timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1)))


def _visits(user, first, last):
    begin, end = _span(first, last)
    found = access.through_case(Visit.objects.filter(started_at__gte=begin, started_at__lt=end), user)
    rows = found.values_list("case", "case__team", "collector", "case__product", "started_at", "outcome")
    for case, team, collector, product, at, outcome in rows:
        about = (case, team, collector, product, timezone.localdate(at))
        yield Item("visits", *about)
        if outcome in MET:
            yield Item("met", *about)


def _promises(user, first, last, now):
    found = access.through_case(Promise.objects.filter(on__gte=first, on__lte=last), user)
    found = list(found.select_related("case"))
    judged = promises.judge(found, now)
    for row in found:
        state, about = judged[row.pk].state, (row.case_id, row.case.team_id, row.by_id, row.case.product, row.on)
        if state in (promise_rules.KEPT, promise_rules.BROKEN):
            yield Item("due", *about)
        if state == promise_rules.KEPT:
            yield Item("kept", *about)


def _plans(user, first, last, now):
    begin, end = _span(first, last)
    found = Agreement.objects.filter(proposed_at__gte=begin, proposed_at__lt=end, sealed__isnull=False)
    found = list(access.through_case(found, user).select_related("case", "visit"))
    plans = payments.plans_of([row for row in found if row.state == State.SEALED], now)
    for row in found:
        on = timezone.localdate(row.proposed_at)
        about = (row.case_id, row.case.team_id, row.visit.collector_id, row.case.product, on)
        yield Item("signed", *about)
        if row.pk in plans:
            yield Item("in_force", *about)
            if plans[row.pk].state in KEPT:
                yield Item("performing", *about)


def _money(user, first, last):
    """Payments and complaints; each is his whose case it was on that day."""
    paid = access.through_case(Payment.objects.filter(paid_on__gte=first, paid_on__lte=last), user)
    begin, end = _span(first, last)
    heard = Concern.objects.filter(kind=ConcernKind.COMPLAINT, received_at__gte=begin, received_at__lt=end)
    heard = access.through_case(heard, user)
    rows = [("recovered", *row) for row in paid.values_list("case", "case__team", "case__product", "paid_on", "fen")]
    rows += [("complaints", *row[:3], timezone.localdate(row[3]), 1)
             for row in heard.values_list("case", "case__team", "case__product", "received_at")]  # fmt: skip
    whose = _held({row[1] for row in rows}) if rows else {}
    for figure, case, team, product, on, n in rows:
        yield Item(figure, case, team, _holder(whose.get(case), on), product, on, n)


def _held(cases: set) -> dict:
    """{case: ([days from which], [collector])}, in order."""
    found = defaultdict(lambda: ([], []))
    rows = Assignment.objects.filter(case__in=Case.objects.filter(pk__in=cases)).order_by("from_at", "pk")
    for case, collector, at in rows.values_list("case", "collector", "from_at"):
        found[case][0].append(timezone.localdate(at))
        found[case][1].append(collector)
    return found


def _holder(held, on: date) -> int | None:
    at = bisect_right(held[0], on) if held else 0
    return held[1][at - 1] if at else None


def _conduct(user, first, last):
    """The newest visits that are over, weighed again; an act that should not have happened so is a flag."""
    begin, end = _span(first, last)
    found = access.through_case(Visit.objects.filter(started_at__gte=begin, started_at__lt=end), user)
    newest = found.filter(ended_at__isnull=False).order_by("-started_at").values_list("pk", flat=True)[:LOOKED]
    for visit in review.gather(Visit.objects.filter(pk__in=list(newest))):
        about = (visit.case_id, visit.case.team_id, visit.collector_id, visit.case.product)
        on = timezone.localdate(visit.started_at)
        yield Item("looked", *about, on)
        if any(flag.level == "block" for flag in flags.own(visit)):
            yield Item("flagged", *about, on)


def table(found: Iterable[Item], by: str) -> list[dict]:
    """[{"key", "name", "sums": {figure: n}}], by name; the weeks by their Monday, oldest first."""
    sums = defaultdict(lambda: defaultdict(int))
    for item in found:
        sums[getattr(item, by)][item.figure] += item.n
    named = _names(by, set(sums))
    rows = [{"key": key, "name": named.get(key) or "—", "sums": dict(each)} for key, each in sums.items()]
    return sorted(rows, key=lambda row: str(row["key"] if by == "week" else row["name"]))


def total(found: Iterable[Item]) -> dict:
    sums = defaultdict(int)
    for item in found:
        sums[item.figure] += item.n
    return dict(sums)


def _names(by: str, keys: set) -> dict:
    if by == "team":
        return dict(Team.objects.filter(pk__in=keys).values_list("pk", "name"))
    if by == "collector":
        return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)}
    return {key: key.isoformat() if by == "week" else key for key in keys}


def ratio(sums: dict, of: str, per: str) -> float | None:
    """In hundredths; None where there is nothing to divide by."""
    return 100 * sums.get(of, 0) / sums[per] if sums.get(per) else None


def behind(found: Iterable[Item], figure: str, by: str = "", key: str = "") -> list[Item]:
    """The items of one figure, newest first; of one row of a table where `by` and `key` name it."""
    mine = [item for item in found if item.figure == figure and (not by or str(getattr(item, by)) == key)]
    return sorted(mine, key=lambda item: (item.on, str(item.case)), reverse=True)


def cohorts(user: User, now: datetime) -> list[dict]:
    """Of the plans sealed in a month, how many were performing or fulfilled n months after each was signed.

    [{"month", "plans", "shares": [hundredths or None where that day has not come for all]}], oldest first. A plan that
    was made void is left out; one that was replaced counts by its own instalments.
    """
    found = Agreement.objects.filter(state__in=(State.SEALED, State.SUPERSEDED), sealed__isnull=False)
    found = list(access.through_case(found, user).order_by("-proposed_at")[:PLANS])
    months, today = defaultdict(list), following.day(now)
    for row in found:
        months[timezone.localdate(row.proposed_at).replace(day=1)].append(row)
    paid = payments.paid_by_plan(found)
    lines = []
    for month, plans in sorted(months.items())[-MONTHS:]:
        shares = []
        for n in range(1, MONTHS + 1):
            days = [add_months(timezone.localdate(row.proposed_at), n) for row in plans]
            if max(days) > today:
                break
            good = sum(payments.standing_on(row, paid[row.pk], day).state in KEPT
                       for row, day in zip(plans, days, strict=True))  # fmt: skip
            shares.append(round(100 * good / len(plans)))
        lines.append({"month": month, "plans": len(plans), "shares": shares + [None] * (MONTHS - len(shares))})
    return lines
