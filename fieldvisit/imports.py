"""A creditor's list of cases, checked row by row and taken in: run(file=…, name=…, profile=…, by=…, now=…) → Outcome.

First the whole file is read and every row checked, without touching the database; good rows wait in a temporary file.
Only then are they written, in batches that are each one short transaction. So a file that cannot be read leaves nothing
behind, bad rows do not stop good ones, and the same file again goes on where a dead process stopped.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import arrivals, import_profiles, tables
from .models import Creditor, ImportRun, User
from .problems import Refused, sentence
from .rules import cells, columns, rows

BATCH = 500
HEAD_WITHIN = 20


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: its number as a spreadsheet shows it, the column's head, why, and its cells as text."""

    row: int
    column: str
    code: str
    reason: str
    values: list[str]


@dataclass
class Outcome:
    as_of: date | None = None
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    above: list[list[str]] = field(default_factory=list)  # the rows up to and with the head
    run: ImportRun | None = None


@dataclass
class Found:
    """Where the table is: its sheet, the layout of its columns, and the rows down to its head."""

    sheet: tables.Sheet
    layout: columns.Layout
    above: list[list[str]]


def run(
    *,
    file: BinaryIO,
    name: str,
    profile: str,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    as_of: date | None = None,
    tell: Callable[[int, int, int], None] = lambda read, taken, good: None,
) -> Outcome:
    """Take in a file. Refused(code) when it is no list of cases by this profile; then nothing was changed.

    `tell` hears from time to time how many rows are read and how many of the good ones are taken.

    `as_of`, the day of the figures: as given, else the day in a title above the head, else the day that most rows
    agree on (first day overdue plus days overdue), else the day on which these bytes were first imported.
    """
    by_profile = profile_named(profile)
    today = timezone.localdate(now)
    with tables.opened(file) as (digest, sheets), TemporaryFile("w+", dir=settings.FILE_UPLOAD_TEMP_DIR) as waiting:
        found = _find(sheets, by_profile)
        outcome = Outcome(above=found.above)
        votes, read, good = _read(found, waiting, outcome, today, tell)
        outcome.as_of = as_of or _titled(found) or _agreed(votes) or _first_seen(digest, profile) or today
        if outcome.as_of > today:
            raise Refused("import.as_of_to_come", as_of=outcome.as_of.isoformat())
        creditor, entry = Creditor.objects.filter(name=by_profile.creditor["name"]).first(), None
        if not dry_run:
            # two first files of one creditor at the same moment: the second finds what the first has made
            creditor, _made = Creditor.objects.get_or_create(
                name=by_profile.creditor["name"], defaults=by_profile.creditor
            )
            entry = ImportRun.objects.create(file_name=name[:200], sha256=digest, profile=profile, by=by, at=now)
            outcome.run = entry
        waiting.seek(0)
        done = 0
        while batch := [json.loads(line) for line in islice(waiting, BATCH)]:
            taken = arrivals.take(batch, creditor=creditor, as_of=outcome.as_of, run=entry, by=by, now=now,
                                  jurisdiction=by_profile.jurisdiction)  # fmt: skip
            for count in ("created", "updated", "unchanged"):
                setattr(outcome, count, getattr(outcome, count) + getattr(taken, count))
            for row, of, code, params in taken.refused:
                outcome.refused.append(_refusal(row["row"], found, [(of, code, params)], row["cells"]))
            tell(read, done := done + len(batch), good)
    outcome.refused.sort(key=lambda refusal: refusal.row)
    if entry:
        for count in ("created", "updated", "unchanged"):
            setattr(entry, count, getattr(outcome, count))
        entry.refused = [{key: getattr(r, key) for key in ("row", "column", "code", "reason")} for r in outcome.refused]
        entry.save()
    return outcome


def profile_named(name: str) -> columns.Profile:
    """A profile of the office, of the folder FIELDVISIT_DATA/profiles, or of ours."""
    return import_profiles.load("cases", name)


def write_refused(stream: BinaryIO, outcome: Outcome) -> None:
    """The refused rows for correction: the file's own columns under its own title, and the reason beside them."""
    *title, head = outcome.above
    keep = [place for place, cell in enumerate(head) if cells.plain(cell) != columns.REASON]

    def kept(row: Sequence[str]) -> list[str]:
        return [row[place] if place < len(row) else "" for place in keep]

    below = [[*kept(refusal.values), refusal.reason] for refusal in outcome.refused]
    tables.write_csv(stream, [*map(kept, title), [*kept(head), columns.REASON], *below])


def _find(sheets: list[tables.Sheet], profile: columns.Profile) -> Found:
    """The one sheet that has the profile's heads in one of its first rows."""
    found = []
    for sheet in sheets:
        above: list[list[str]] = []
        for _number, row in islice(sheet.rows(), HEAD_WITHIN):
            above.append([cells.plain(cell) for cell in row])
            if layout := columns.match(profile, row):
                found.append(Found(sheet, layout, above))
                break
    if not found:
        empty = not any(cells.plain(cell) for sheet in sheets for _number, row in sheet.rows() for cell in row)
        raise Refused("import.empty") if empty else Refused("import.head", profile=profile.name, rows=HEAD_WITHIN)
    if len(found) > 1:
        raise Refused("import.sheets", sheets=", ".join(each.sheet.name for each in found))
    layout = found[0].layout
    if layout.missing:
        raise Refused("import.columns", columns=", ".join(layout.missing), profile=profile.name)
    if layout.twice:
        raise Refused("import.column_twice", column=layout.twice[0])
    return found[0]


def _read(found: Found, waiting, outcome: Outcome, today: date, tell: Callable) -> tuple[Counter, int, int]:
    """Check every row. Good ones go to `waiting`, one JSON line each; bad ones and copies are counted. Returns the days
    that rows say their figures are of, how many rows there are, and how many are good."""
    votes, seen, read, good = Counter(), {}, 0, 0
    below = islice(found.sheet.rows(), len(found.above), None)
    for read, (number, row) in enumerate(rows.of_cases(below, found.layout), start=1):
        if read % (4 * BATCH) == 0:
            tell(read, 0, 0)
        values, extra, faults = rows.read(row, found.layout, today)
        faults = faults or rows.against_earlier(number, values, seen)
        if faults is rows.COPY:
            outcome.unchanged += 1
            continue
        if faults:
            outcome.refused.append(_refusal(number, found, faults, row))
            continue
        if values.get("due_since") and values.get("days_past_due") is not None:
            votes[values["due_since"], values["days_past_due"]] += 1
        texts = [cells.plain(cell) for cell in row]
        waiting.write(json.dumps({"row": number, "values": values, "extra": extra, "cells": texts}) + "\n")
        good += 1
    if not (outcome.refused or outcome.unchanged or waiting.tell()):
        raise Refused("import.no_rows")
    return votes, read, good


def _refusal(number: int, found: Found, faults: list, row: Sequence) -> Refusal:
    """One row's faults as one refusal: the first gives column and code, the reason names them all."""
    said = [(found.layout.head(of), sentence(code, **params)) for of, code, params in faults]
    reason = " ".join(f"{head}: {why}" if head and len(said) > 1 else why for head, why in said)
    return Refusal(number, said[0][0], faults[0][1], reason, [cells.plain(cell) for cell in row])


def _titled(found: Found) -> date | None:
    said = (cells.day_in(cell) for row in found.above[:-1] for cell in row if cell)
    return next((date.fromisoformat(day) for day in said if day), None)


def _agreed(votes: Counter) -> date | None:
    """The day that most rows give: one row's slip moves nothing."""
    days = Counter()
    for (since, overdue), count in votes.items():
        days[date.fromisoformat(since) + timedelta(days=overdue)] += count
    return max(days, key=lambda day: (days[day], day)) if days else None


def _first_seen(digest: str, profile: str) -> date | None:
    earlier = ImportRun.objects.filter(sha256=digest, profile=profile).order_by("at").first()
    return timezone.localdate(earlier.at) if earlier else None


import_profiles.kind("cases", import_profiles.Kind(
    title=_("Cases"), run=run, write_refused=write_refused, ours=columns.FOLDER, own="profiles",
    readers=columns.READERS, required=columns.REQUIRED, heads=import_profiles.CASE_WORDS,
))  # fmt: skip
