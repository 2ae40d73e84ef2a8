"""One row of a creditor's file: its values, or every reason why it cannot be taken. Pure.

A fault is (field or head, code of problems.py, parameters of its sentence).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from . import cells, columns, identity

MOST_EXTRA = 2000
OLDEST = 130
COPY = [("", "copy", {})]


def of_cases(numbered: Iterable[tuple[int, Sequence]], layout: columns.Layout) -> Iterator[tuple[int, Sequence]]:
    """The rows below the head without empty ones and totals. One that names nobody is still a row, to be refused."""
    whose = [place for of, _head, place, _reader in layout.fields if of in columns.WHOSE]
    for number, row in numbered:
        named = any(place < len(row) and cells.plain(row[place]) for place in whose)
        if named or (any(cells.plain(cell) for cell in row) and not columns.is_total(row)):
            yield number, row


def read(row: Sequence, layout: columns.Layout, today: date) -> tuple[dict, dict, list]:
    """({field: value}, {head: text} of the other columns, [faults])."""
    values, extra, faults = {}, {}, []
    if len(row) > layout.width and any(cells.plain(cell) for cell in row[layout.width :]):
        faults.append(("", "import.cells", {}))
    for of, _head, place, reader in layout.fields:
        try:
            values[of] = reader(row[place] if place < len(row) else None)
        except cells.Unreadable as why:
            values[of] = None
            faults.append((of, why.code, why.params))
    bad = {of for of, _code, _params in faults}
    faults += [(of, "import.missing", {}) for of in columns.REQUIRED if values[of] in (None, "") and of not in bad]
    faults += _identity(values, today) + _days(values, today)
    for head, place in layout.extra:
        if text := cells.plain(row[place]) if place < len(row) else "":
            extra[head] = text
            if len(text) > MOST_EXTRA:
                faults.append((head, "import.too_long", {"most": MOST_EXTRA}))
    return values, extra, faults


def _identity(values: dict, today: date) -> list:
    """Length, check digit and birth date. The district code is no reason: districts come and go."""
    if not values["id_number"]:
        return []
    values["id_number"] = values["id_number"].upper()
    try:
        born = identity.check(values["id_number"])[0]
    except ValueError as why:
        return [("id_number", f"import.{why}", {})]
    values["birth_date"] = born.isoformat()
    return [] if born <= today and born.year > today.year - OLDEST else [("id_number", "import.identity.age", {})]


def _days(values: dict, today: date) -> list:
    # ISO days compare as text
    latest = today.isoformat()
    return [(of, "import.day_to_come", {}) for of in ("due_since", "formed_on") if (values.get(of) or "") > latest]


def against_earlier(number: int, values: dict, seen: dict) -> list:
    """Faults against an earlier good row of the same contract, or COPY when this row says just the same.

    `seen` grows by three small numbers a row: a file of any length fits.
    """
    person, said = hash(values["id_number"]), hash(tuple(values.values()))
    earlier = seen.setdefault(values["contract_number"], (number, person, said))
    if earlier[0] == number:
        return []
    if earlier[1] != person:
        return [("contract_number", "import.contradicts", {"row": earlier[0]})]
    return COPY if earlier[2] == said else [("contract_number", "import.differs", {"row": earlier[0]})]
