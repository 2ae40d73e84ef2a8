"""Taking back the last import, where nothing has been built on it: undo(run=…) → ImportUndo.

Nothing is deleted. A case that the import had made is closed, and opens again when a corrected file brings it; a case
whose figures it changed has its former ones again, with a line that says so.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from . import arrivals, record
from .models import HEADS, Address, Case, Debt, Entry, ImportRun, ImportUndo, Party, User
from .problems import Refused

UNDONE = "case.import_undone"


@transaction.atomic
def undo(*, run: ImportRun, by: User, now: datetime) -> ImportUndo:
    """Refused: import.undo_payments, import.undone, import.undo_not_last, import.undo_built(n, contract)."""
    if "/" in run.profile:
        raise Refused("import.undo_payments")
    if ImportUndo.objects.filter(run=run).exists():
        raise Refused("import.undone")
    if ImportRun.objects.filter(pk__gt=run.pk).exclude(profile__contains="/").exists():
        raise Refused("import.undo_not_last")
    lines = Entry.objects.filter(object=f"import:{run.pk}", action__in=["case.imported", "case.updated"])
    record.lock(list(lines.values_list("case", flat=True)))
    last = Entry.objects.filter(case=OuterRef("case")).order_by("-seq").values("pk")[:1]
    built = lines.annotate(last=Subquery(last)).exclude(pk=F("last"))
    if n := built.count():
        raise Refused("import.undo_built", n=n, contract=built.select_related("case").first().case.contract_number)
    made = list(Case.objects.filter(pk__in=lines.filter(action="case.imported").values("case")))
    changed = list(lines.filter(action="case.updated").select_related("case__debt", "detail"))
    Case.objects.filter(pk__in=[case.pk for case in made]).update(closed_at=now, version=F("version") + 1)
    _restore(changed, run)
    said = {"file": run.file_name}
    record.append_many(
        [record.Line(case=case, action=UNDONE, object=f"import:{run.pk}", payload=said, actor=by)
         for case in [*made, *(entry.case for entry in changed)]],
        now=now,
    )  # fmt: skip
    return ImportUndo.objects.create(run=run, by=by, at=now, closed=len(made), restored=len(changed))


def _restore(changed: list[Entry], run: ImportRun) -> None:
    """What the record says stood before: of the debt, of the debtor, of the case."""
    debtors = {p.case_id: p for p in Party.objects.filter(case__in=[e.case_id for e in changed], role="debtor")}
    debts, people = [], []
    for entry in changed:
        payload = entry.detail.payload
        debt, debtor, case = getattr(entry.case, "debt", None), debtors.get(entry.case_id), entry.case
        for name, (before, _after) in payload["changed"].items():
            of = debt if name in (*HEADS, "as_of", *arrivals.DEBT_FACTS) else debtor
            if of is not None and name != "address" and not (before is None and name in (*HEADS, "as_of")):
                day = before and name in {*arrivals.DAYS, "as_of"}
                setattr(of, name, date.fromisoformat(before) if day else before)
        for name, before in payload.get("before", {}).items():
            setattr(case, name, before)
        case.version += 1
        debts += [debt] * bool(debt)
        people += [debtor] * bool(debtor)
    arrivals.write_again(Debt, debts, [*HEADS, "as_of", *arrivals.DEBT_FACTS])
    arrivals.write_again(Party, people, [*arrivals.PARTY_FACTS, "pinyin", "initials"])
    arrivals.write_again(Case, [entry.case for entry in changed], ["version", "product", "extra"])
    Address.objects.filter(source=arrivals.source(run), party__in=people).delete()


