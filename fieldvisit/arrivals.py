"""Rows of a creditor's file become cases: new ones are made, newer figures replace older ones, all goes on record.

A row is what `imports` has checked: {"row": number, "values": {field: value}, "extra": {head: text}}. One batch is
one transaction with the same number of queries however many rows it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from . import record
from .models import HEADS, Address, Case, Creditor, Debt, Entry, FormerBalance, ImportRun, Party, PartyRole, User
from .rules import places

DEBT_FACTS = ("original_fen", "formed_on", "term_months", "annual_rate_ppm", "instalment_fen", "paid_fen", "due_since")
WORK_FACTS = ("employer", "job_title", "annual_income_fen")
PARTY_FACTS = ("name", "id_number", "birth_date", "mobile", *WORK_FACTS, "homeownership")
DAYS = {"formed_on", "due_since", "birth_date"}


@dataclass
class Known:
    """A case that stands already, with what a newer row may change."""

    case: Case
    debtor: Party | None
    debt: Debt | None
    home: Address | None
    undone: bool = False


@dataclass
class Change:
    """What a row changes in a known case: {field: [before, after]} of the debtor and of the debt, and a new address."""

    row: dict
    known: Known
    people: dict = field(default_factory=dict)
    debt: dict = field(default_factory=dict)
    address: dict | None = None
    reopens: bool = False  # it was closed only because the import that had made it was taken back

    def __bool__(self) -> bool:
        return bool(self.people or self.debt or self.address or self.reopens)


@dataclass
class Taken:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[dict, str, str, dict]] = field(default_factory=list)  # (row, field, code, params)


@transaction.atomic
def take(
    rows: Sequence[dict],
    *,
    creditor: Creditor | None,
    as_of: date,
    run: ImportRun | None,
    by: User | None,
    now: datetime,
    jurisdiction: str = "cn",
) -> Taken:
    """Compare a batch with what stands and write it. Without a run nothing is written: the counts are what would be."""
    if creditor and run:
        # two imports of one creditor take turns
        Creditor.objects.select_for_update().get(pk=creditor.pk)
    known = _known(creditor, rows) if creditor else {}
    taken, new, changed = Taken(), [], []
    for row in rows:
        there = known.get(row["values"]["contract_number"])
        if there is None:
            new.append(row)
        elif there.debtor and there.debtor.id_number not in ("", row["values"]["id_number"]):
            taken.refused.append((row, "id_number", "import.other_person", {}))
        elif not (change := _compare(row, there, as_of)):
            taken.unchanged += 1
        elif there.debt and as_of < there.debt.as_of and not change.reopens:
            params = {"as_of": as_of.isoformat(), "known": there.debt.as_of.isoformat()}
            taken.refused.append((row, "principal_fen", "import.older", params))
        else:
            changed.append(change)
    taken.created, taken.updated = len(new), len(changed)
    if run:
        lines = _create(new, creditor=creditor, as_of=as_of, run=run, now=now, jurisdiction=jurisdiction)
        lines += _update(changed, as_of=as_of, run=run, now=now)
        for line in lines:
            line["actor"] = by
        record.append_many([record.Line(**line) for line in lines], now=now)
    return taken


def _known(creditor: Creditor, rows: Sequence[dict]) -> dict[str, Known]:
    numbers = [row["values"]["contract_number"] for row in rows]
    cases = list(Case.objects.filter(creditor=creditor, contract_number__in=numbers).select_related("debt"))
    if not cases:
        return {}
    debtors = {p.case_id: p for p in Party.objects.filter(case__in=cases, role=PartyRole.DEBTOR)}
    homes = {a.party_id: a for a in Address.objects.filter(party__in=debtors.values(), kind="home").order_by("pk")}
    undone = _undone([case for case in cases if case.closed_at])
    return {
        case.contract_number: Known(
            case,
            debtor := debtors.get(case.pk),
            getattr(case, "debt", None),
            homes.get(debtor.pk) if debtor else None,
            case.pk in undone,
        )
        for case in cases
    }


def _undone(closed: list[Case]) -> set:
    """Those that were closed because their import was taken back, not because the work on them is over."""
    if not closed:
        return set()
    ends = Entry.objects.filter(case__in=closed, action__in=["case.closed", "case.import_undone"]).order_by("seq")
    return {pk for pk, action in dict(ends.values_list("case", "action")).items() if action == "case.import_undone"}


def _compare(row: dict, there: Known, as_of: date) -> Change:
    """An empty cell wipes out nothing that is known; only the balance is as the file says, empty as zero."""
    change, values = Change(row, there, reopens=there.undone), row["values"]
    for name in PARTY_FACTS:
        after, before = _fact(values, name), getattr(there.debtor, name, None)
        if there.debtor and after not in (None, "") and after != before:
            change.people[name] = [before, after]
    balance = {head: values.get(head) or 0 for head in HEADS} | {"as_of": as_of}
    facts = {name: after for name in DEBT_FACTS if (after := _fact(values, name)) is not None}
    for name, after in (balance | facts).items():
        before = getattr(there.debt, name, None)
        if after != before:
            change.debt[name] = [before, after]
    address = _address(values)
    if there.debtor and address and _moved(there.home, address):
        change.address = address
    return change


def _moved(home: Address | None, address: dict) -> bool:
    if home is None or home.full != "".join(address[part] for part in ("province", "city", "district", "street")):
        return True
    return address["lat_e7"] is not None and (home.lat_e7, home.lon_e7) != (address["lat_e7"], address["lon_e7"])


def _create(
    rows: list[dict], *, creditor: Creditor, as_of: date, run: ImportRun, now: datetime, jurisdiction: str
) -> list[dict]:
    cases, parties, addresses, debts, lines = [], [], [], [], []
    for row in rows:
        values = row["values"]
        case = Case(
            creditor=creditor,
            contract_number=values["contract_number"],
            product=values.get("product") or "",
            jurisdiction=jurisdiction,
            extra=row["extra"],
            opened_at=now,
        )
        party = Party(case=case, **{name: v for name in PARTY_FACTS if (v := _fact(values, name)) is not None})
        balance = {head: values.get(head) or 0 for head in HEADS}
        facts = {name: v for name in DEBT_FACTS if (v := _fact(values, name)) is not None}
        debts.append(Debt(case=case, as_of=as_of, **balance, **facts))
        cases.append(case)
        parties.append(party)
        if address := _address(values):
            addresses.append(Address(party=party, source=source(run), **address))
        payload = {"file": run.file_name, "name": party.name, "balance": balance | {"as_of": as_of.isoformat()}}
        lines.append({"case": case, "action": "case.imported", "object": f"import:{run.pk}", "payload": payload})
    Case.objects.bulk_create(cases)
    Party.objects.bulk_create(parties)
    Address.objects.bulk_create(addresses)
    Debt.objects.bulk_create(debts)
    return lines


def _update(changes: list[Change], *, as_of: date, run: ImportRun, now: datetime) -> list[dict]:
    former, debts, new_debts, people, addresses, lines = [], [], [], [], [], []
    for change in changes:
        there, values = change.known, change.row["values"]
        changed = {name: [_said(v) for v in pair] for name, pair in (change.people | change.debt).items()}
        if change.debt and there.debt:
            if change.debt.keys() & {*HEADS, "as_of"}:
                before = {name: getattr(there.debt, name) for name in (*HEADS, "as_of")}
                former.append(FormerBalance(debt=there.debt, replaced_at=now, replaced_by=run, **before))
            debts.append(there.debt)
        elif change.debt:
            there.debt = Debt(case=there.case)
            new_debts.append(there.debt)
        for name, (_before, after) in change.debt.items():
            setattr(there.debt, name, after)
        for name, (_before, after) in change.people.items():
            setattr(there.debtor, name, after)
        if change.people:
            people.append(there.debtor)
        if change.address:
            new = Address(party=there.debtor, source=source(run), **change.address)
            changed["address"] = [there.home.full if there.home else None, new.full]
            addresses.append(new)
        before = {"product": there.case.product, "extra": there.case.extra}
        there.case.version += 1
        there.case.closed_at = None if change.reopens else there.case.closed_at
        there.case.product = values.get("product") or there.case.product
        there.case.extra = there.case.extra | change.row["extra"]
        payload = {"file": run.file_name, "as_of": as_of.isoformat(), "changed": changed}
        # what an undo would put back; left out where nothing changed
        if before := {name: was for name, was in before.items() if was != getattr(there.case, name)}:
            payload["before"] = before
        lines.append({"case": there.case, "action": "case.updated", "object": f"import:{run.pk}", "payload": payload})
    FormerBalance.objects.bulk_create(former)
    Debt.objects.bulk_create(new_debts)
    Address.objects.bulk_create(addresses)
    write_again(Debt, debts, [*HEADS, "as_of", *DEBT_FACTS])
    write_again(Party, people, [*PARTY_FACTS, "pinyin", "initials"])
    write_again(Case, [change.known.case for change in changes], ["version", "product", "extra", "closed_at"])
    return lines


def write_again(model, rows: list, fields: Sequence[str]) -> None:
    """One upsert for all rows; bulk_update's CASE WHEN grows with rows times fields."""
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=list(fields))


def _fact(values: dict, name: str):
    value = values.get(name)
    return date.fromisoformat(value) if name in DAYS and value else value


def _address(values: dict) -> dict | None:
    """Parts and coordinates of the home; a file with one column of addresses has them split."""
    street = values.get("address") or ""
    parts = [values.get(part) or "" for part in ("province", "city", "district")]
    if not any(parts):
        *parts, street = places.split(street)
    if not (street or any(parts)):
        return None
    lat, lon = values.get("latitude"), values.get("longitude")
    if lat is None or lon is None or lat == lon == 0:
        lat = lon = None
    return dict(zip(("province", "city", "district", "street"), (*parts, street), strict=True)) | {
        "lat_e7": lat,
        "lon_e7": lon,
    }


def source(run: ImportRun) -> str:
    return f"import:{run.pk}"


def _said(value):
    return value.isoformat() if isinstance(value, date) else value
