"""What may be agreed for a case: an offer that the server signs in advance, so that a phone holds to it offline."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import rfc8785
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from fieldvisit import keys
from fieldvisit.models import HEADS, Case, Mandate, Party
from fieldvisit.rules import identity

from . import bounds, fonts, limitation, others
from .models import Agreement, Offer, OfferPolicy, State
from .rules import affordability
from .rules.refusal import Refused

ACCOUNT_TAIL = 4


def copy_token(offer: Offer) -> str:
    """The debtor's 256-bit link. Only its hash is stored; the phone shows it as a QR with no signal."""
    return keys.derived("copy-token", offer.pk.bytes, offer.key_id).hex()


def secret(purpose: str, offer: Offer, data: bytes) -> bytes:
    """32 bytes for one purpose of this offer's link, derived as its token is."""
    return keys.derived(purpose, offer.pk.bytes + data, offer.key_id)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def offer_for(case: Case, *, now: datetime) -> Offer | None:
    """The offer in force for this case, made now where there is none."""
    return offers_for([case], now=now).get(case.pk)


def offers_for(cases: Iterable[Case], *, now: datetime) -> dict:
    """{case id: Offer} for the cases for which something may be offered today."""
    return offered(cases, now=now)[0]


@transaction.atomic
def offered(cases: Iterable[Case], *, now: datetime) -> tuple[dict, dict]:
    """({case id: Offer}, {case id: Refused} for the others); the number of queries does not grow.

    No offer for a case that is closed, owes nothing, whose debtor is not of age (Civil Code 18), or whose creditor has
    no policy or no mandate in force; for a debt that is or may be past limitation and not released; where the rate or
    what the file claims passes the ceiling of the law; and where no face draws a character of what would be printed.
    """
    today, cases = timezone.localdate(now), list(cases)
    why = {case.pk: Refused("no_offer.closed") for case in cases}
    # read afresh: the caller's rows may be older than the case is now
    fresh = Case.objects.filter(pk__in=[case.pk for case in cases], closed_at=None).select_related("creditor", "debt")
    mandates = _mandates({case.creditor_id for case in fresh}, today)
    why |= {case.pk: Refused("no_offer.mandate") for case in fresh}
    cases = {case.pk: case for case in fresh if case.creditor_id in mandates}
    found = {}
    valid = Offer.objects.filter(case__in=cases, valid_until__gte=today, valid_from__lte=today)
    for offer in valid.order_by("made_at", "pk"):
        if offer.case_version == cases[offer.case_id].version:
            found[offer.case_id] = offer
    wanted = [case for case in cases.values() if case.pk not in found]
    earlier = dict(
        Agreement.objects.filter(case__in=wanted, state=State.SEALED, renewal__isnull=False)
        .values_list("case", "terms_sha256")
    )  # fmt: skip
    if wanted:
        made, refused = _make(wanted, mandates, earlier, today, now)
        Offer.objects.bulk_create(made)
        found |= {offer.case_id: offer for offer in made}
        why |= refused
    return found, {pk: refusal for pk, refusal in why.items() if pk not in found}


def _mandates(creditors: set, today) -> dict:
    """{creditor id: the newest Mandate in force today}"""
    rows = Mandate.objects.filter(creditor__in=creditors, valid_from__lte=today, valid_until__gte=today)
    return {m.creditor_id: m for m in rows.select_related("agency").order_by("valid_from", "pk")}


def _make(cases: list[Case], mandates: dict, earlier: dict, today, now: datetime) -> tuple[list[Offer], dict]:
    """(the offers, {case id: Refused} of the cases that get none)."""
    dated = OfferPolicy.objects.standing(today).filter(creditor__in=mandates)
    policies = {policy.creditor_id: policy for policy in dated}
    debtors = {
        p.case_id: p for p in Party.objects.filter(case__in=cases, role="debtor").prefetch_related("addresses")
    }
    barred, let = limitation.of(cases, on=today), limitation.released(cases)
    people = others.of(cases, on=today)
    offers, refused = [], {}
    for case in cases:
        policy, mandate, debtor = policies.get(case.creditor_id), mandates[case.creditor_id], debtors.get(case.pk)
        late = barred[case.pk].status if barred[case.pk].status in limitation.OPEN else None
        try:
            _may(case, policy, debtor, late is None or case.pk in let, today)
            _printable(parties(case, mandate, debtor, late))
            valid_until = min(today + timedelta(days=policy.valid_days), mandate.valid_until)
            bound = bounds.of(case.debt, policy, today, valid_until)
        except Refused as refusal:
            # offer.ceiling comes from the rules: nothing that the law forbids is ever offered
            ceiling = refusal.code == "offer.ceiling"
            refused[case.pk] = Refused("no_offer.ceiling") if ceiling else refusal
            continue
        offers.append(_sign(case, policy, mandate, debtor, bound, late, earlier.get(case.pk), valid_until, now,
                            people.get(case.pk)))  # fmt: skip
    return offers, refused


def _may(case: Case, policy: OfferPolicy | None, debtor: Party | None, within_time: bool, today: date) -> None:
    """Raises Refused("no_offer.…") with the first thing that stands against any offer."""
    debt = getattr(case, "debt", None)
    if not policy:
        raise Refused("no_offer.policy")
    if not debtor:
        raise Refused("no_offer.debtor")
    if debtor.birth_date and identity.age(debtor.birth_date, today) < identity.OF_AGE:
        raise Refused("no_offer.minor")
    if not debt or debt.total_fen <= 0:
        raise Refused("no_offer.debt")
    if not within_time:
        raise Refused("no_offer.limitation")


def _printable(said: dict) -> None:
    """Every word of `parties` can be drawn, or the paper could never be sealed: better said before he signs."""
    if character := fonts.printable(said["debtor"]["name"]):
        raise Refused("no_offer.name", character=character)
    if character := fonts.printable("".join(text for group in said.values() for text in _texts(group))):
        raise Refused("no_offer.character", character=character)


def _texts(group: dict) -> list[str]:
    return [value for value in group.values() if isinstance(value, str)]


def _sign(
    case: Case, policy: OfferPolicy, mandate: Mandate, debtor: Party, bound: dict, late: str | None,
    earlier: str | None, valid_until: date, now: datetime, people: list[dict] | None,
) -> Offer:  # fmt: skip
    today = timezone.localdate(now)
    offer = Offer(
        pk=uuid7(),
        case=case,
        case_version=case.version,
        valid_from=today,
        made_at=now,
        key_id=keys.signing_key_id(),
        valid_until=valid_until,
    )
    offer.copy_token_sha256 = token_hash(copy_token(offer))
    offer.body = rfc8785.dumps(
        {
            "schema": "offer/1",
            "offer_id": str(offer.pk),
            "case_ref": case.ref,
            "case_version": case.version,
            "parties": parties(case, mandate, debtor, late),
            "balance": {head: getattr(case.debt, head) for head in HEADS} | {"as_of": case.debt.as_of.isoformat()},
            "allocation": policy.allocation,
            **bound,
            "valid_from": offer.valid_from.isoformat(),
            "valid_until": offer.valid_until.isoformat(),
            "latest_first_due_days": policy.latest_first_due_days,
            "lapse_days": policy.lapse_days,
            "cooling_off_days": policy.cooling_off_days,
            "confirmation": policy.confirmation,
            "affordability": affordability.policy(today) | {"statement_required": policy.statement_required},
            "copy_token_sha256": offer.copy_token_sha256,
            "required_signers": [{"role": "debtor", "party": str(debtor.pk)}],
        }
        | ({"supersedes": earlier} if earlier else {})
        | ({"people": people} if people else {})
    )
    offer.sig = keys.sign(offer.body)
    return offer


def parties(case: Case, mandate: Mandate, debtor: Party, late: str | None) -> dict:
    """The `parties` of offer/1 and agreement/1; identity and telephone masked as on every copy.

    `late`: how the limitation stands where it is or may be over; the notice (c12) then stands in the text.
    """
    creditor, debt = case.creditor, case.debt
    homes = [address for address in debtor.addresses.all() if address.kind == "home"]
    home = max(homes, key=lambda address: address.pk, default=None)  # the newest, to which visits go as well
    return {
        "creditor": {
            "name": creditor.name,
            "account_name": creditor.account_name,
            "account_bank": creditor.account_bank,
            "account_tail": creditor.account_number[-ACCOUNT_TAIL:],
            "complaint_phone": creditor.complaint_phone,
        },
        "agency": {
            "name": mandate.agency.name,
            "mandate": mandate.number,
            "mandate_until": mandate.valid_until.isoformat(),
        },
        "debtor": {
            "party": str(debtor.pk),
            "name": debtor.name,
            "id_masked": identity.mask(debtor.id_number),
            "mobile_masked": identity.mask_phone(debtor.mobile),
            "address": home.full if home else "",
        },
        "debt": {
            "contract": case.contract_number,
            "formed_on": debt.formed_on.strftime("%Y-%m") if debt.formed_on else None,
            "original_fen": debt.original_fen,
            "product": case.product,
        }
        | ({"limitation": late} if late else {}),
    }


def copy_url(offer: Offer) -> str:
    """Where the debtor finds his copy. PUBLIC_URL names the server as the world sees it."""
    return f"{settings.PUBLIC_URL}/d/{copy_token(offer)}"
