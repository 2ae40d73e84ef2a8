"""A creditor's file of payments, taken in row by row: run(file=…, name=…, profile=…, …) → Outcome.

The same machinery as for cases: tables read the bytes, a profile (rules/payments/*.toml, FIELDVISIT_DATA/payments, or
one made at the desk) says which column is which. The creditor's reference makes it harmless to take in the same file,
or the same payment in a later file, again. A row that cannot be taken is named with its reason; the others stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from fieldvisit import import_profiles, imports, tables
from fieldvisit.models import Case, Creditor, ImportRun, User
from fieldvisit.problems import Refused, sentence
from fieldvisit.rules import cells, columns

from . import clearances, payments

OURS = Path(__file__).parent / "rules" / "payments"
HEAD_WITHIN = 20
READERS = {
    "contract_number": cells.number, "reference": cells.number, "fen": cells.fen, "paid_on": cells.day,
    "note": partial(cells.text, most=200),
}  # fmt: skip
REQUIRED = ("contract_number", "reference", "fen", "paid_on")


@dataclass
class Outcome(imports.Outcome):
    settled: int = 0


def run(
    *, file: BinaryIO, name: str, profile: str, by: User | None, now: datetime, dry_run: bool = False,
    tell: Callable[[int, int, int], None] = lambda read, taken, good: None,
) -> Outcome:  # fmt: skip
    """Refused(code) when it is no file of payments by this profile: then nothing was changed."""
    said = import_profiles.load("payments", profile)
    creditor = Creditor.objects.filter(name=said.creditor["name"]).first()
    outcome, entry = Outcome(), None
    with tables.opened(file) as (digest, sheets):
        sheet, layout, skip = _find(sheets, said)
        outcome.above = [[cells.plain(cell) for cell in row] for _n, row in islice(sheet.rows(), skip)]
        rows = [(n, row) for n, row in islice(sheet.rows(), skip, None) if any(map(cells.plain, row))]
        if not dry_run:
            what = f"payments/{profile}"[:40]
            entry = ImportRun.objects.create(file_name=name[:200], sha256=digest, profile=what, by=by,
                                             at=now)  # fmt: skip
        for done, (number, row) in enumerate(rows, start=1):
            if not columns.is_total(row):
                _take(number, row, layout, creditor, outcome, entry, by, now)
            if done % 100 == 0:
                tell(done, done, len(rows))
    if entry:
        outcome.run = entry
        entry.created, entry.unchanged = outcome.created, outcome.unchanged
        entry.refused = [{key: getattr(r, key) for key in ("row", "column", "code", "reason")} for r in outcome.refused]
        entry.save()
        outcome.settled = clearances.issue_due(now=now)
    return outcome


def _find(sheets, profile):
    for sheet in sheets:
        for at, (_number, row) in enumerate(islice(sheet.rows(), HEAD_WITHIN), start=1):
            layout = columns.match(profile, row, readers=READERS, required=REQUIRED)
            if layout:
                if layout.missing:
                    raise Refused("import.columns", columns=", ".join(layout.missing), profile=profile.name)
                return sheet, layout, at
    raise Refused("import.head", profile=profile.name, rows=HEAD_WITHIN)


def _take(number, row, layout, creditor, outcome, entry, by, now) -> None:
    """One row, in a transaction of its own."""
    values = {}
    try:
        for of, _head, place, reader in layout.fields:
            values[of] = reader(row[place] if place < len(row) else None)
        if any(values.get(of) in (None, "") for of in REQUIRED):
            raise Refused("payment.missing")
        contract = values.pop("contract_number")
        case = Case.objects.filter(creditor=creditor, contract_number=contract).first()
        if case is None:
            raise Refused("payment.no_case", contract=contract)
        values["paid_on"] = date.fromisoformat(values["paid_on"])
        if entry is None:
            outcome.created += 1  # a trial: what it would have been is not asked of the database
            return
        _row, new = payments.record_payment(case=case, run=entry, by=by, now=now, **values)
    except cells.Unreadable as why:
        outcome.refused.append(_refusal(number, row, why.code, sentence(why.code, **why.params)))
    except Refused as why:
        outcome.refused.append(_refusal(number, row, why.code, str(why)))
    else:
        outcome.created += new
        outcome.unchanged += not new


def _refusal(number, row, code, why) -> imports.Refusal:
    return imports.Refusal(number, "", code, why, [cells.plain(cell) for cell in row])


WORDS = {"contract_number": _("Contract number"), "reference": _("Reference"), "fen": _("Amount"),
         "paid_on": _("Paid on"), "note": _("Note")}  # fmt: skip
import_profiles.kind("payments", import_profiles.Kind(
    title=_("Payments"), run=run, write_refused=imports.write_refused, ours=OURS, own="payments", readers=READERS,
    required=REQUIRED, heads=WORDS, page="payments",
))  # fmt: skip
