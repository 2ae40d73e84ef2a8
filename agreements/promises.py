"""Were promises kept? From the payments of their case, each time somebody looks; and the broken ones for a visit."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from fieldvisit import promises
from fieldvisit.models import Promise, Visit

from .models import Agreement, Payment, State
from .rules import following
from .rules import promises as rules

MOST = 500


@promises.judged
def judge(rows: Iterable[Promise], now: datetime) -> dict:
    """{promise id: rules.promises.Kept}, one query for all payments."""
    rows, paid, today = list(rows), defaultdict(list), following.day(now)
    found = Payment.objects.filter(case__in={row.case_id for row in rows}, reverses=None, reversal=None)
    for case_id, day, fen in found.values_list("case", "paid_on", "fen"):
        paid[case_id].append((day, fen))
    return {
        row.pk: rules.kept(
            row.amount_fen, made=timezone.localdate(row.at), due=row.on, payments=paid[row.case_id],
            grace_days=rules.policy(row.on)["grace_days"], on=today,
        )
        for row in rows
    }  # fmt: skip


def broken(visible: QuerySet, now: datetime) -> list[Promise]:
    """The last promise of each open case where it is broken, each with `kept`, the longest first: a return visit is
    proposed. `visible`: the promises that the reader may see; five hundred are looked at.

    Not where the sum came after all, where an agreement is in force (its own instalments are looked at), or where
    somebody has been there since.
    """
    newer = Promise.objects.filter(case=OuterRef("case"), at__gt=OuterRef("at"))
    plan = Agreement.objects.filter(case=OuterRef("case"), state=State.SEALED)
    rows = visible.filter(~Exists(newer), ~Exists(plan), case__closed_at=None, on__lt=following.day(now))
    rows = list(rows.order_by("-on", "-pk")[:MOST])
    judged = judge(rows, now)
    seen = Visit.objects.filter(case__in=[row.case_id for row in rows], started_at__isnull=False)
    visited = dict(seen.values_list("case").annotate(Max("started_at")))
    found = []
    for row in rows:
        row.kept = judged[row.pk]
        if row.kept.state != rules.BROKEN or row.kept.whole_on:
            continue
        last = visited.get(row.case_id)
        if last is None or timezone.localdate(last) < row.kept.since:
            found.append(row)
    return sorted(found, key=lambda row: (row.kept.since, row.pk))
