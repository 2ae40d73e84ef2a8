"""Offer + choice -> agreement/1, and the hash that is signed. Twin: static/src/rules/document.js.

The canonicaliser (RFC 8785) is handed in, so that this folder needs the standard library only: pass `rfc8785.dumps`.
"""

import hashlib
from collections.abc import Callable

from . import schedule, signers, wording
from .terms import FREE

SIGNED = (
    "agreement_id", "offer_id", "supersedes", "language", "parties", "terms", "schedule", "clauses", "rendered_text",
    "affordability", "rights_card",
)  # fmt: skip
NO_REDUCTION = {"fen": 0, "becomes_final": None}

Canonical = Callable[[object], bytes]


def sha256(value: object, *, canonical: Canonical) -> str:
    """Lower hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()


def terms_hash(agreement: dict, *, canonical: Canonical) -> str:
    """What every signature points to: the terms, the text that was read, and the identifiers (evidence.md)."""
    return sha256({name: agreement[name] for name in SIGNED}, canonical=canonical)


def check_code(sha256_hex: str) -> str:
    """The first 8 bytes for people to compare: "7F3A-91C2-0B6E-D45A"."""
    code = sha256_hex[:16].upper()
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def terms(offer: dict, choice: dict) -> dict:
    """Terms of the offer's case with what was chosen.

    `choice`: {"method","instalments","anchor_day","first_due","interest_from"} and, where the offer allows them,
    "reduction_fen", "steps", "deferral_months". A reduction that lapses on default is final when all is paid, else
    when the agreement takes effect.
    """
    fen = choice.get("reduction_fen", 0)
    final = "paid-in-full" if offer["default"]["waiver_lapses"] else "in-effect"
    return {
        "currency": "CNY",
        "balance": offer["balance"],
        "method": choice["method"],
        "instalments": choice["instalments"],
        "annual_rate_ppm": rate(offer, choice["method"]),
        "interest_from": choice["interest_from"],
        "day_count": offer["day_count"],
        "first_due": choice["first_due"],
        "anchor_day": choice["anchor_day"],
        "shift": offer["shift"],
        "steps": choice.get("steps", []),
        "deferral": deferral(offer, choice.get("deferral_months", 0)),
        "reduction": {"fen": fen, "becomes_final": final} if fen else NO_REDUCTION,
        "allocation": offer["allocation"],
        "default": offer["default"],
        "effect": {"lapse_days": offer["lapse_days"], "cooling_off_days": offer["cooling_off_days"]},
    }


def rate(offer: dict, method: str) -> int:
    """The yearly rate (ppm) that a method of this offer carries; `rates` holds those that differ from the usual one."""
    return 0 if method in FREE else offer.get("rates", {}).get(method, offer["annual_rate_ppm"])


def deferral(offer: dict, months: int) -> dict | None:
    """The first months without a payment, on the terms of the offer."""
    return {"months": months, "interest": (offer.get("deferral") or {}).get("interest", "none")} if months else None


def build(
    offer: dict,
    choice: dict,
    clause_set: dict,
    rights_set: dict,
    language: str,
    agreement_id: str,
    *,
    offer_sig: str,
    canonical: Canonical,
    supersedes: object = None,
    affordability: dict | None = None,
    others: list[dict] | None = None,
) -> dict:
    """agreement/1 with plan and text. Raises Refused (schedule.*, wording.*). `supersedes` is the offer's own.
    `others`: who signs beside the debtor (signers.py).

    Whether the offer allows it is for `offer.within` to say. `offer` is the signed body, `offer_sig` its signature.
    """
    agreed, debtor = terms(offer, choice), offer["parties"]["debtor"]
    agreement = {
        "schema": "agreement/1",
        "agreement_id": agreement_id,
        "offer_id": offer["offer_id"],
        "offer_sig": offer_sig,
        "supersedes": supersedes if supersedes is not None else offer.get("supersedes"),
        "parties": offer["parties"] | ({"others": others} if others else {}),
        "terms": agreed,
        "schedule": schedule.plan(agreed),
        "clauses": reference(clause_set, canonical=canonical),
        "language": language,
        "affordability": affordability,
        "rights_card": reference(rights_set, canonical=canonical),
        "required_signers": signers.required(debtor, others) if others else offer["required_signers"],
    }
    agreement["rendered_text"] = wording.render(clause_set, wording.facts(agreement))
    return agreement


def reference(text_set: dict, *, canonical: Canonical) -> dict:
    """{"id","version","sha256"} of a clause set or rights card."""
    return {"id": text_set["id"], "version": text_set["version"], "sha256": sha256(text_set, canonical=canonical)}
