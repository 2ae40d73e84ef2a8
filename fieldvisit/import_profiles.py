"""Profiles of files: which kinds there are, and which column is which field; ours, in a folder, or made at the desk.

A kind is added by `kind(name, Kind(…))`: cases by `imports`, payments by agreements. A profile of the desk (a row,
the latest of a name) comes before a file in FIELDVISIT_DATA/<own>/, which comes before ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import tables
from .models import ImportProfile, User
from .problems import Refused
from .rules import cells, columns

PREVIEW = 12
CREDITOR = ("name", "short_name", "lender_type", "account_name", "account_bank", "account_number", "complaint_phone")
CASE_WORDS = {
    "contract_number": _("Contract number"), "name": _("Debtor’s name"), "id_number": _("Identity number"),
    "mobile": _("Mobile"), "employer": _("Employer"), "job_title": _("Occupation"), "province": _("Province"),
    "city": _("City"), "district": _("District"), "address": _("Address"), "longitude": _("Longitude"),
    "latitude": _("Latitude"), "product": _("Product"), "original_fen": _("Sum lent"), "term_months": _("Months"),
    "annual_rate_ppm": _("Yearly rate (%)"), "instalment_fen": _("Instalment"), "formed_on": _("Lent on"),
    "principal_fen": _("Principal"), "interest_fen": _("Interest"), "overdue_interest_fen": _("Overdue interest"),
    "penalty_fen": _("Liquidated damages"), "cost_fen": _("Costs"), "days_past_due": _("Days overdue"),
    "due_since": _("Overdue since"), "paid_fen": _("Paid so far"), "annual_income_fen": _("Yearly income"),
    "homeownership": _("Home"),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """`run` takes file, name, profile, by, now, dry_run and tell, as imports.run does; `heads` are words for fields."""

    title: str | Promise
    run: Callable
    write_refused: Callable
    ours: Path
    own: str
    readers: dict[str, Callable]
    required: Sequence[str]
    heads: dict[str, str | Promise]
    page: str = "cases"

    def head(self, of: str) -> str:
        return str(self.heads.get(of, of))


kinds: dict[str, Kind] = {}


def kind(name: str, said: Kind) -> None:
    kinds[name] = said


def names(of: str) -> list[str]:
    said = kinds[of]
    made = ImportProfile.objects.filter(kind=of).values_list("name", flat=True)
    files = (path.stem for folder in (said.ours, _folder(said)) for path in folder.glob("*.toml"))
    return sorted({*made, *files})


def load(of: str, name: str) -> columns.Profile:
    """Refused("import.profile") when there is none of that name."""
    said = kinds[of]
    row = ImportProfile.objects.filter(kind=of, name=name).order_by("-pk").first()
    try:
        if row:
            return columns.made(name, row.said, said.readers)
        return columns.load(name, _folder(said), ours=said.ours, readers=said.readers)
    except KeyError:
        raise Refused("import.profile", name=name, names=", ".join(names(of))) from None


def _folder(said: Kind) -> Path:
    return Path(settings.FIELDVISIT_DATA) / said.own


@dataclass(frozen=True)
class Preview:
    """The first rows of a file as text; `heads` is the row that looks like a head, `rows` what follows it."""

    heads: list[str]
    rows: list[list[str]]


def preview(file: BinaryIO, profile: columns.Profile, said: Kind) -> Preview:
    """Of the sheet and row that fit the profile, else of the widest row there is. Refused(…) when it is no table."""
    with tables.opened(file) as (_digest, sheets):
        read = [[[cells.plain(cell) for cell in row] for _n, row in islice(sheet.rows(), 2 * PREVIEW)]
                for sheet in sheets]  # fmt: skip
    at = [(sheet, n) for sheet, rows in enumerate(read) for n, row in enumerate(rows[:PREVIEW]) if any(row)]
    if not at:
        raise Refused("import.empty")

    def fits(place):
        row = read[place[0]][place[1]]
        layout = columns.match(profile, row, readers=said.readers, required=said.required)
        return len(layout.fields) if layout else 0, sum(map(bool, row)), -place[0], -place[1]

    sheet, head = max(at, key=fits)
    return Preview(read[sheet][head], read[sheet][head + 1 : head + 1 + 5])


def placed(profile: columns.Profile, heads: Sequence[str]) -> list[str]:
    """For each column: the field it is, "-" where it is left out, "" where it is kept beside the case."""
    of = {columns.plain_head(head): field for field, known in profile.columns.items() for head in known}
    plain = [columns.plain_head(head) for head in heads]
    return [of.get(head) or ("-" if head in profile.ignore or not head else "") for head in plain]


@transaction.atomic
def save(
    *, of: str, name: str, base: columns.Profile, creditor: dict, heads: Sequence[str], chosen: Sequence[str],
    by: User, now: datetime,
) -> ImportProfile:  # fmt: skip
    """A new version of the profile `name`: each head is the field chosen for it.

    Refused: import.columns (one that every row needs is missing), import.column_twice.
    """
    said, found = kinds[of], {}
    for head, field in zip(heads, chosen, strict=True):
        if field in said.readers:
            if field in found:
                raise Refused("import.column_twice", column=said.head(field))
            found[field] = head
    if missing := [said.head(field) for field in said.required if field not in found]:
        raise Refused("import.columns", columns=", ".join(missing), profile=name)
    used = {columns.plain_head(head) for head in heads}
    # a field keeps its other heads, which earlier files may have; a head of this file is what was chosen for it
    more = {field: [head for head in known if columns.plain_head(head) not in used]
            for field, known in base.columns.items()}  # fmt: skip
    table = {field: [head, *more.get(field, [])] for field, head in found.items()}
    table |= {field: known for field, known in more.items() if field not in found and known}
    ignore = [head for head, field in zip(heads, chosen, strict=True) if field == "-" and head]
    ignore += sorted(base.ignore - used)
    row = {"creditor": base.creditor | creditor, "columns": table, "ignore": ignore}
    return ImportProfile.objects.create(kind=of, name=name, said=row, by=by, at=now)
