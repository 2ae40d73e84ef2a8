"""Finding cases by a name or a contract number, and loading a page of them for the office's list."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from .models import Assignment, Case, Party, Visit


def by_words(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Cases whose contract number begins with these words, or with a person whose name holds them."""
    words = words.strip()
    if not words:
        return cases
    named = Party.objects.filter(case=OuterRef("pk"), name__contains=words)
    return cases.filter(Q(contract_number__istartswith=words) | Exists(named))


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
