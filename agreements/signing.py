"""From the phone's events to an agreement: a proposal fixes the terms, signatures point to them, the visit ends it.

collecting → ready when it is signed, and every photo and all of the visit's own events are here. Waiting is no refusal:
`refresh` is asked again after every delivery of the visit.
"""

from uuid import UUID

import rfc8785
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from fieldvisit import intake, record, wire
from fieldvisit.models import Case, Event, Visit

from . import sealing
from .models import Agreement, Offer, Signature, State
from .rules import document, signers

SETTLED = (State.SEALED, State.HELD, State.REJECTED, State.SUPERSEDED, State.VOID)
SIGNED_PARTS = {*document.SIGNED, "schema", "offer_sig", "required_signers"}


@intake.handles("agreement.proposed/1", command=True)
def propose(event: intake.Incoming, visit: Visit, case: Case) -> None:
    """Keep the proposal as it was made. What it says is judged before sealing, when all is here."""
    body = event.body["agreement"]
    if set(body) != SIGNED_PARTS or body["schema"] != "agreement/1" or not _signers(body["required_signers"]):
        raise intake.Held("agreement.malformed")
    agreement_id, offer_id = _uuid(body["agreement_id"]), _uuid(body["offer_id"])
    if agreement_id is None or offer_id is None or body["language"] not in ("zh-hans", "en"):
        raise intake.Held("agreement.malformed")
    if Agreement.objects.filter(pk=agreement_id).exists():
        raise intake.Held("agreement.same_id")
    Agreement.objects.create(
        id=agreement_id, number=_number(event), case=case, visit=visit, event=event.row, body=rfc8785.dumps(body),
        offer=Offer.objects.filter(pk=offer_id, case=case).first(), language=body["language"], proposed_at=event.at,
        terms_sha256=document.terms_hash(body, canonical=rfc8785.dumps), state_at=event.received_at,
    )  # fmt: skip


@intake.handles("signature.captured/1")
def sign(event: intake.Incoming, visit: Visit, case: Case) -> None:
    """A fact: kept whatever it says. If it fits nothing, a person looks at it, and may have it tried again."""
    body = event.body["signature"]
    agreement = _agreement(body.get("agreement_id"), case)
    signer, strokes = body.get("signer"), body.get("strokes")
    if agreement is None:
        raise intake.Held("agreement.unknown")
    drawn = isinstance(strokes, dict) and body.get("schema") == "signature/1"
    if not (isinstance(signer, dict) and (drawn or signers.on_paper(body))):
        raise intake.Held("agreement.malformed")
    Signature.objects.create(
        agreement=agreement, event=event.row, role=str(signer.get("role"))[:16], party=str(signer.get("party"))[:64],
        body=rfc8785.dumps(body), terms_sha256=str(body.get("terms_sha256"))[:64],
        strokes_sha256=wire.sha256(rfc8785.dumps(strokes.get("data"))) if drawn else "", signed_at=event.at,
    )  # fmt: skip


@intake.handles("signature.refused/1")
def refuse(event: intake.Incoming, visit: Visit, case: Case) -> None:
    """One of them does not sign: an outcome like any other. Without an agreement_id he refused before a text was shown.

    `signer` is left out where it is the debtor, as phones of the first release do.
    """
    agreement = _agreement(event.body["agreement_id"], case)
    if agreement and agreement.state == State.COLLECTING and _who(agreement, event.body) not in _signed(agreement):
        _refuse(agreement, event.body, event.received_at)


@intake.after_visit
def refresh(visit: Visit) -> None:
    """Work out again what this visit's agreements wait for; a nudge to the worker when one is ready.

    All of a complete visit is here: what was signed goes to the checks, even if it was dropped before, and if somebody
    is missing there, they say so. What one of them refused without signing is refused for all. Who waits for more in a
    visit that is over waits for ever.
    """
    now = timezone.now()
    if visit.complete_at is None:
        return
    signed = Exists(Signature.objects.filter(agreement=OuterRef("pk")))
    found = Agreement.objects.filter(visit=visit).exclude(state__in=SETTLED)
    due = False
    for agreement in found.annotate(signed=signed).select_related("case", "event"):
        refusal = _refusal(agreement) if agreement.signed else None
        if refusal:
            if agreement.state != State.REFUSED:
                _refuse(agreement, refusal, now)
        elif agreement.signed and agreement.state != State.READY:
            _move(agreement, State.READY, "agreement.ready", now)
        elif not agreement.signed and agreement.state == State.COLLECTING:
            # the visit is over and nobody signed this one: another plan was chosen, or none
            _move(agreement, State.DROPPED, "agreement.dropped", now)
        due = due or (agreement.signed and not refusal)
    if due:
        transaction.on_commit(sealing.seal_waiting.enqueue)


def _refusal(agreement: Agreement) -> dict | None:
    """The first refusal of this visit by somebody who has not signed this agreement."""
    signed = _signed(agreement)
    events = Event.objects.filter(visit_id=agreement.visit_id, type="signature.refused/1").order_by("seq")
    said = [wire.parse(bytes(raw))["body"] for raw in events.values_list("bytes", flat=True)]
    mine = (body for body in said if body["agreement_id"] == str(agreement.pk))
    return next((body for body in mine if _who(agreement, body) not in signed), None)


def _signed(agreement: Agreement) -> set[tuple[str, str]]:
    return set(agreement.signatures.values_list("role", "party"))


def _who(agreement: Agreement, refusal: dict) -> tuple[str, str]:
    if signer := refusal.get("signer"):
        return signer["role"], signer["party"]
    required = wire.parse(bytes(agreement.body))["required_signers"]
    return next(((s["role"], s["party"]) for s in required if s["role"] == "debtor"), ("debtor", ""))


def _refuse(agreement: Agreement, said: dict, now) -> None:
    role, party = _who(agreement, said)
    people = signers.of(wire.parse(bytes(agreement.body))["parties"])
    name = next((p["name"] for p in people if (p["role"], p["party"]) == (role, party)), "")
    refusal = ": ".join(filter(None, [name, said["reason"], said["text"]]) if name else [said["reason"], said["text"]])
    _move(agreement, State.REFUSED, "agreement.refused", now, refusal=refusal[:500], reason=said["reason"])


def _move(agreement: Agreement, state: State, action: str, now, *, refusal: str = "", **said) -> None:
    agreement.state, agreement.state_at = state, now
    agreement.refusal = refusal or agreement.refusal
    agreement.save(update_fields=["state", "state_at", "refusal"])
    record.append(case=agreement.case, action=action, object=f"agreement:{agreement.pk}", now=now,
                  payload={"terms_sha256": agreement.terms_sha256} | said)  # fmt: skip


def _agreement(agreement_id, case: Case) -> Agreement | None:
    key = _uuid(agreement_id)
    return Agreement.objects.filter(pk=key, case=case).first() if key else None


def _signers(value) -> bool:
    """[{"role","party"}, …], at least one."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(s, dict) and set(s) == {"role", "party"} for s in value)
        and all(isinstance(text, str) for s in value for text in s.values())
    )


def _uuid(value) -> UUID | None:
    """Only as it is written everywhere: braces, capitals or urn: would make two names of one agreement."""
    try:
        found = UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None
    return found if str(found) == value else None


def _number(event: intake.Incoming) -> str:
    """FV-2026-010432: the year and the server's number of the proposal, the same that the phone shows as sent."""
    return f"FV-{timezone.localdate(event.received_at).year}-{event.row.server_seq:06d}"
