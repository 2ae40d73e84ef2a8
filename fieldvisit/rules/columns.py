"""Which column of a creditor's file is which field of ours: the profiles in profiles/*.toml, matched to a row of heads.

A profile says [columns] field = "head" (or a list of heads it may have), `ignore` = heads to leave out, and [creditor],
whose file it is. Every other column of the file is kept with the case as it stands, under its head.
"""

import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import cells, conduct

FOLDER = Path(__file__).with_name("profiles")
HEADS = ("principal_fen", "interest_fen", "overdue_interest_fen", "penalty_fen", "cost_fen")
READERS: dict[str, Callable] = {
    "contract_number": cells.number,
    "name": partial(cells.words, most=120),
    "id_number": cells.number,
    "mobile": cells.phone,
    "employer": partial(cells.text, most=120),
    "job_title": partial(cells.text, most=120),
    "province": partial(cells.words, most=40),
    "city": partial(cells.words, most=40),
    "district": partial(cells.words, most=40),
    "address": cells.words,
    "longitude": partial(cells.e7, most=180),
    "latitude": partial(cells.e7, most=90),
    "product": partial(cells.text, most=64),
    "original_fen": cells.fen,
    "term_months": cells.whole,
    "annual_rate_ppm": cells.ppm,
    "instalment_fen": cells.fen,
    "formed_on": cells.month,
    "days_past_due": cells.whole,
    "due_since": cells.day,
    "paid_fen": cells.fen,
    "annual_income_fen": cells.fen,
    "homeownership": partial(cells.text, most=16),
} | dict.fromkeys(HEADS, cells.fen)
# without these a row is no case, and without their columns a file is no list of cases
WHOSE = ("contract_number", "name", "id_number")
REQUIRED = (*WHOSE, "principal_fen")
# the column that a list of refused rows has more than the creditor's file
REASON = "原因 Reason"
TOTALS = ("合计", "总计", "小计", "共计", "total")


@dataclass(frozen=True)
class Profile:
    name: str
    creditor: dict
    columns: dict[str, tuple[str, ...]]
    ignore: frozenset[str] = frozenset()
    jurisdiction: str = "cn"  # a pack of rules of conduct


@dataclass
class Layout:
    """Where each field stands in a row: (field, head, place, reader); `extra` is (head, place) of the other columns."""

    fields: list[tuple[str, str, int, Callable]] = field(default_factory=list)
    extra: list[tuple[str, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    width: int = 0

    def head(self, name: str) -> str:
        return next((head for of, head, _place, _reader in self.fields if of == name), name)


def names(*folders: Path) -> list[str]:
    return sorted({path.stem for folder in (FOLDER, *folders) for path in folder.glob("*.toml")})


def load(name: str, *folders: Path, ours: Path = FOLDER, readers: dict[str, Callable] = READERS) -> Profile:
    """The profile of that name; a folder of one's own comes before ours. KeyError when there is none."""
    path = next((path for folder in (*folders, ours) if (path := folder / f"{name}.toml").is_file()), None)
    if path is None or path.stem != name:  # a name with a folder in it is none
        raise KeyError(name)
    return made(name, tomllib.loads(path.read_text(encoding="utf-8")), readers)


def made(name: str, said: dict, readers: dict[str, Callable] = READERS) -> Profile:
    """A profile from creditor, columns, ignore and jurisdiction. ValueError where a field is none of ours."""
    columns = {of: tuple([heads] if isinstance(heads, str) else heads) for of, heads in said["columns"].items()}
    if strangers := columns.keys() - readers.keys():
        raise ValueError(f"{name}: no such field: {', '.join(sorted(strangers))}")
    if (jurisdiction := said.get("jurisdiction", "cn")) not in conduct.names():
        raise ValueError(f"{name}: no rules of conduct for {jurisdiction}")
    return Profile(name, said["creditor"], columns, frozenset(map(plain_head, said.get("ignore", []))), jurisdiction)


def plain_head(cell) -> str:
    """A head without blanks, width and case, so that 年利率（％） is 年利率(%)."""
    return "".join(unicodedata.normalize("NFKC", cells.plain(cell)).split()).casefold()


def match(
    profile: Profile, row: Sequence, *, readers: dict[str, Callable] = READERS, required: Sequence[str] = REQUIRED
) -> Layout | None:
    """The layout if this row is the head: at least half of the required columns stand in it."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(row):
        if head := plain_head(cell):
            places.setdefault(head, []).append(place)
    layout, taken = Layout(width=len(row)), set()
    for of, heads in profile.columns.items():
        found = [place for head in heads for place in places.get(plain_head(head), [])]
        if found:
            layout.fields.append((of, cells.plain(row[found[0]]), found[0], readers[of]))
            taken |= set(found)
            layout.twice += [cells.plain(row[found[0]])] if len(found) > 1 else []
        elif of in required:
            layout.missing.append(heads[0])
    if len(layout.missing) * 2 > len(required):
        return None
    skip = profile.ignore | {plain_head(REASON)}
    layout.extra = [
        (cells.plain(row[place]), place)
        for head, found in places.items()
        for place in found
        if place not in taken and head not in skip
    ]
    return layout


def is_total(row: Sequence) -> bool:
    """A row of sums says so in its first cell that is not empty."""
    first = next((head for cell in row if (head := plain_head(cell))), "")
    return first.startswith(TOTALS)
