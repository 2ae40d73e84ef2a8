"""Letters of the office: made from templates, drawn once as a PDF, and the proof of how each was delivered.

    draws(fn): fn(words, attached) -> PDF bytes, for the app that has the faces and pages; words as rules.letters.filled
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import access, dossier, history, packs, record
from .models import Case, DeliveryWay, Letter, LetterDelivery, LetterKind, Mandate, User, Visit
from .problems import Refused
from .rules import letters, speech

MOST_TEXT, MOST_PROOF = 1000, 8 * 1024 * 1024
PROOFS = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"%PDF": "pdf"}
_draw: list[Callable] = []


def draws(fn: Callable) -> Callable:
    _draw[:] = [fn]
    return fn


def make(*, case: Case, kind: str, text: str, sure: bool, by: User, now: datetime) -> Letter:
    """Drawn before the transaction. Refused("letter.form" | "letter.lacks" | "letter.words" | "letter.character").

    `sure`: he has seen what his words were warned of and lets them stand; that is kept with the letter.
    """
    text = text.strip()
    if kind not in LetterKind or len(text) > MOST_TEXT:
        raise Refused("letter.form")
    number = f"{timezone.localdate(now):%Y%m%d}-{secrets.token_hex(3).upper()}"
    facts = _facts(case, text, number, now)
    if lacks := letters.lacking(kind, facts):
        raise Refused("letter.lacks", what=", ".join(str(LACKS[name]) for name in lacks))
    found = [words for _row, words in speech.typed(text)]
    if found and not sure:
        raise Refused("letter.words", words=", ".join(found))
    try:
        drawn = _draw[0](letters.filled(kind, facts, text))
    except ValueError as unprintable:  # a character that no face has
        raise Refused("letter.character", character=getattr(unprintable, "character", "?")) from unprintable
    digest = hashlib.sha256(drawn).hexdigest()
    with transaction.atomic():
        record.lock([case.pk])
        row = Letter(case=case, kind=kind, number=number, text=text, found=found, pdf_sha256=digest, by=by, at=now)
        row.pdf.save(f"letters/{number}-{digest[:8]}.pdf", ContentFile(drawn), save=False)
        row.save()
        said = {"kind": kind, "number": number, "pdf_sha256": digest, "found": found}
        record.append(case=case, action="letter.made", object=f"letter:{row.pk}", payload=said, now=now, actor=by)
    return row


def deliver(
    *, letter: Letter, way: str, on: date, reference: str, proof: bytes, by: User, now: datetime
) -> LetterDelivery:
    """How it reached him, and a photo or scan of the receipt. Refused("letter.delivery" | "letter.proof")."""
    reference = reference.strip()
    if way not in DeliveryWay or on > timezone.localdate(now) or len(reference) > 120 or not (reference or proof):
        raise Refused("letter.delivery")
    kind = next((kind for start, kind in PROOFS.items() if proof.startswith(start)), "")
    if proof and (not kind or len(proof) > MOST_PROOF):
        raise Refused("letter.proof")
    digest = hashlib.sha256(proof).hexdigest() if proof else ""
    with transaction.atomic():
        record.lock([letter.case_id])
        row = LetterDelivery(letter=letter, way=way, on=on, reference=reference, proof_sha256=digest, by=by, at=now)
        if proof:
            row.proof.save(f"letters/{letter.number}-{digest[:8]}.{kind}", ContentFile(proof), save=False)
        row.save()
        said = {"number": letter.number, "way": way, "on": on.isoformat(), "reference": reference}
        record.append(
            case=letter.case, action="letter.delivered", object=f"letter:{letter.pk}",
            payload=said | {"proof_sha256": digest}, now=now, actor=by,
        )  # fmt: skip
    return row


def visible(user: User):
    return access.through_case(Letter.objects.select_related("case"), user)


LACKS = {
    "visit": _("a planned visit"), "mandate": _("a mandate in force"), "debt": _("a balance"),
    "text": _("what you type below"),
}  # fmt: skip


def _facts(case: Case, text: str, number: str, now: datetime) -> dict:
    today = timezone.localdate(now)
    debtor = case.parties.filter(role="debtor").first()
    planned = Visit.objects.filter(case=case, started_at=None, planned_on__gte=today, put_off_at=None)
    visit = planned.select_related("address", "collector", "second").order_by("planned_on", "place").first()
    on = visit.planned_on if visit else today
    mandate = Mandate.objects.filter(creditor=case.creditor, valid_from__lte=on, valid_until__gte=on)
    mandate = mandate.select_related("agency").order_by("-valid_until").first()
    debt = getattr(case, "debt", None)
    team = [each for each in (visit.collector, visit.second) if each] if visit else []
    names = [f"{each}（{each.badge}）" if each.badge else str(each) for each in team]
    home = visit.address if visit and visit.address else debtor.home if debtor else None
    heads = ("principal", "interest", "overdue_interest", "penalty", "costs")
    sums = {name: _yuan(getattr(debt, f"{name}_fen", 0) or 0) for name in heads} if debt else dict.fromkeys(heads, "")
    since = debt.due_since if debt else None
    both = {
        "name": debtor.name if debtor else case.contract_number, "contract": case.contract_number, "number": number,
        "creditor": case.creditor.name, "complaint": case.creditor.complaint_phone,
        "agency": mandate.agency.name if mandate else case.creditor.name,
        "phone": mandate.agency.phone if mandate else case.creditor.complaint_phone,
        "mandate": mandate.number if mandate else "", "address": home.full if home else "",
        "mandate_from": mandate.valid_from if mandate else "", "mandate_until": mandate.valid_until if mandate else "",
        "principal": sums["principal"], "interest": sums["interest"], "overdue": sums["overdue_interest"],
        "penalty": sums["penalty"], "costs": sums["costs"],
        "total": _yuan(debt.total_fen) if debt else "",
    }  # fmt: skip
    hours = f"{visit.planned_start:%H:%M}–{visit.planned_end:%H:%M} " if visit and visit.planned_start else ""
    return {
        "has": {"visit": visit is not None, "mandate": mandate is not None, "debt": debt is not None, "text": text},
        "both": both,
        "zh-hans": {
            "on": _chinese(on), "hours": hours, "day": _chinese(today), "as_of": _chinese(debt.as_of) if debt else "",
            "since": f"自 {_chinese(since)} 起逾期。" if since else "", "collectors": "、".join(names),
        },
        "en": {
            "on": on, "hours": hours, "day": today, "as_of": debt.as_of if debt else "",
            "since": f"It has been overdue since {since}." if since else "", "collectors": " and ".join(names),
        },
    }  # fmt: skip


def _chinese(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


@dossier.panels
def panels(case: Case, user: User, now: datetime) -> list[dict]:
    rows = list(case.letters.select_related("by").prefetch_related("deliveries__by").order_by("-at"))
    context = {"case": case, "letters": rows, "kinds": LetterKind.choices, "ways": DeliveryWay.choices}
    return [{"template": "fieldvisit/letters/_panel.html", "context": context | {"today": timezone.localdate(now)}}]


def _made(payload: dict) -> str:
    return f"{history.label(LetterKind, payload.get('kind', ''))} · {payload.get('number', '')}"


def _delivered(payload: dict) -> str:
    parts = (history.label(DeliveryWay, payload.get("way", "")), payload.get("on"), payload.get("reference"))
    return " · ".join(str(part) for part in (payload.get("number"), *parts) if part)


# his own notes are read by the same words, with no signal too
packs.provides("speech", lambda user, visits, now: speech.for_people())
history.words("letter.made", _("Letter written"), text=_made)
history.words("letter.delivered", _("Letter delivered"), point="kept", text=_delivered)
