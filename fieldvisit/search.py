"""Finding cases by a name, as written or as typed in pinyin, or a contract number; by who has them and how they stand;
and loading a page of them for the office's list."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from . import spelling
from .models import Assignment, Case, Party, User, Visit


def by_words(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Cases whose contract number begins with these words, or with a person whose name holds them, or is typed so:
    "zhangwei", "zhang w" and "zw" find 张伟.
    """
    words = words.strip()
    if not words:
        return cases
    rule = Q(name__contains=words)
    if letters := spelling.typed(words) if words.replace("ü", "v").isascii() else "":
        rule |= Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
    return cases.filter(Q(contract_number__istartswith=words) | Exists(Party.objects.filter(rule, case=OuterRef("pk"))))


def by_state(cases: QuerySet[Case], state: str, collector: User | None) -> QuerySet[Case]:
    """`state`: "open", "free" (open, and nobody's), "closed", or "" for all; those that a collector has now."""
    present = Assignment.objects.filter(case=OuterRef("pk"), until_at=None)
    if state:
        cases = cases.filter(closed_at__isnull=state != "closed")
    if state == "free":
        cases = cases.filter(~Exists(present))
    return cases.filter(Exists(present.filter(collector=collector))) if collector else cases


def gather(cases: QuerySet[Case]) -> list[Case]:
    """With debtor, debt, present collector and last visit; three queries however many they are."""
    last = Visit.objects.filter(case=OuterRef("pk"), ended_at__isnull=False).order_by("-ended_at")
    debtors = Prefetch("parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    present = Prefetch(
        "assignments", Assignment.objects.filter(until_at=None).select_related("collector"), to_attr="present"
    )
    return list(
        cases.annotate(last_outcome=Subquery(last.values("outcome")[:1]), last_at=Subquery(last.values("ended_at")[:1]))
        .select_related("debt", "creditor", "team")
        .prefetch_related(debtors, present)
    )
