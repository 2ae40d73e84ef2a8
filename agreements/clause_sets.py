"""The clause sets in force: those that come with the program, and those that the office has published.

A version of the office's is numbered after the packaged one that it stems from: 3001, 3002 … stem from 3, so the two
can never meet. What does not pass the linter is not used for a new paper.
"""

import copy
from datetime import date, datetime

import rfc8785
from django.db import transaction
from django.utils import timezone

from fieldvisit.models import User
from fieldvisit.problems import Refused

from .models import ClauseDraft, ClauseSet
from .rules import clause_lint, document, wording
from .rules.refusal import Refused as Unknown

OFFICE_FROM = 1000


def load(set_id: str, version: int) -> dict:
    """The version that a paper names, packaged or published. Raises rules.Refused("wording.unknown_set")."""
    try:
        return wording.load(set_id, version)
    except Unknown:
        known = type(version) is int and OFFICE_FROM < version < 2**31 and set_id in wording.names()
        row = ClauseSet.objects.filter(set_id=set_id, version=version).first() if known else None
        if row is None:
            raise
        return row.body


def in_force(set_id: str, on: date) -> dict:
    """The latest version approved by that day that passes the linter; new papers are written with it."""
    published = ClauseSet.objects.filter(set_id=set_id, approved_from__lte=on).order_by("-version")
    for body in [*(row.body for row in published), *packaged(set_id)]:
        if body["approved_from"] <= on.isoformat() and not errors(body):
            return body
    raise Unknown("wording.unknown_set", id=set_id)


def packaged(set_id: str) -> list[dict]:
    """Every version that came with the program, the newest first."""
    newest = wording.load(set_id)
    found = [newest]
    for version in range(newest["version"] - 1, 0, -1):
        try:
            found.append(wording.load(set_id, version))
        except Unknown:
            continue
    return found


def errors(body: dict) -> list[clause_lint.Finding]:
    """What speaks against using it. Versions before the checklist came cannot name their rows."""
    return [one for one in clause_lint.findings(body) if one.level == "error"]


@transaction.atomic
def draft(*, set_id: str, version: int, by: User, now: datetime) -> ClauseDraft:
    """A copy of a version to write in. Refused("clauses.draft_open") where the set has a draft already."""
    body = load(set_id, version)
    if errors(body):
        raise Refused("clauses.refused")
    if ClauseDraft.objects.select_for_update().filter(set_id=set_id).exists():
        raise Refused("clauses.draft_open")
    return ClauseDraft.objects.create(
        set_id=set_id, base_version=version, body=copy.deepcopy(body), edited_by=[by.pk], by=by, at=now
    )


@transaction.atomic
def edit(*, draft: ClauseDraft, clause: str, texts: dict, by: User, now: datetime) -> ClauseDraft:
    """`texts`: {"heading", "explain": {language: text}, "text": {language: [text, …]}} of one clause."""
    row = ClauseDraft.objects.select_for_update().get(pk=draft.pk)
    row.body = written(row.body, clause, texts)
    row.edited_by = sorted({*row.edited_by, by.pk})
    row.by, row.at = by, now
    row.asked_by = row.asked_at = row.approved_from = None
    row.save()
    return row


def written(body: dict, clause: str, texts: dict) -> dict:
    """The set with other words in one clause; `lines` stands for the lines of a rights card."""
    made = copy.deepcopy(body)
    if "lines" in made:
        made["heading"], made["lines"] = texts["heading"], texts["text"]
        return made
    its = next(one for one in made["clause"] if one["id"] == clause)
    its["heading"], its["text"] = texts["heading"], texts["text"]
    if its["key"]:
        its["explain"] = texts["explain"]
    used = {name for each in its["text"].values() for text in each for name in wording.PLACE.findall(text)}
    its["variables"] = sorted(used)
    return made


@transaction.atomic
def ask(*, draft: ClauseDraft, approved_from: date, reason: str, by: User, now: datetime) -> None:
    """Somebody else publishes it then. Refused("clauses.reason" | ".dates" | ".refused" | ".same")."""
    row = ClauseDraft.objects.select_for_update().get(pk=draft.pk)
    if not reason.strip():
        raise Refused("clauses.reason")
    _may_stand(row, approved_from, now)
    row.asked_by, row.asked_at, row.approved_from, row.reason = by, now, approved_from, reason.strip()
    row.edited_by = sorted({*row.edited_by, by.pk})
    row.save()


@transaction.atomic
def publish(*, draft: ClauseDraft, by: User, now: datetime) -> ClauseSet:
    """By one who had no hand in it. Refused("clauses.second" | ".not_asked" | ".dates" | ".refused")."""
    row = ClauseDraft.objects.select_for_update().get(pk=draft.pk)
    if row.asked_by_id is None:
        raise Refused("clauses.not_asked")
    if by.pk in row.edited_by:
        raise Refused("clauses.second")
    _may_stand(row, row.approved_from, now)
    stem = row.base_version if row.base_version < OFFICE_FROM else row.base_version // OFFICE_FROM
    before = ClauseSet.objects.filter(set_id=row.set_id, version__range=(stem * OFFICE_FROM, stem * OFFICE_FROM + 999))
    version = max([stem * OFFICE_FROM, *before.values_list("version", flat=True)]) + 1
    body = row.body | {"version": version, "approved_from": row.approved_from.isoformat()}
    made = ClauseSet.objects.create(
        set_id=row.set_id, version=version, body=body, approved_from=row.approved_from, reason=row.reason,
        sha256=document.sha256(body, canonical=rfc8785.dumps), drafted_by=row.asked_by, approved_by=by, at=now,
    )  # fmt: skip
    row.delete()
    return made


def _may_stand(row: ClauseDraft, approved_from: date, now: datetime) -> None:
    if approved_from < timezone.localdate(now):
        raise Refused("clauses.dates")
    base = load(row.set_id, row.base_version)
    if {**row.body, "version": 0, "approved_from": ""} == {**base, "version": 0, "approved_from": ""}:
        raise Refused("clauses.same")
    if errors(row.body):
        raise Refused("clauses.refused")


def discard(*, draft: ClauseDraft) -> None:
    draft.delete()
