"""The debtor confirms what he signed: a code to the number in the text, entered on the glass or on his own page.

What is said of each code is confirmation/1, signed by this server like a receipt: {"schema", "code" (its id),
"agreement_id", "terms_sha256", "number" (masked), "way", "sent_at", "tries", "confirmed_at" or null, "key_id", "sig"}.
"""

import hmac
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from fieldvisit import keys, messages, record, wire
from fieldvisit.models import Message, MessageChannel, Party, User
from fieldvisit.problems import Refused
from fieldvisit.rules import identity

from . import copies, endings, proposals, sealing
from .models import Agreement, ConfirmationCode, ConfirmationTry, ConfirmationWay, Offer, State
from .rules import following

MISSING = "seal.unconfirmed"


def done(agreement_id: UUID, terms_sha256: str) -> ConfirmationTry | None:
    found = ConfirmationTry.objects.filter(ok=True, code__agreement_id=agreement_id, code__terms_sha256=terms_sha256)
    return found.select_related("code").first()


def until(agreement: Agreement) -> date | None:
    """The last day on which he can confirm on his own page: that of the cooling-off, at least the day of signing.

    Where the seal waits for it, as long as the agreement may still be sealed.
    """
    signed = agreement.signatures.order_by("signed_at").last()
    if signed is None or agreement.offer is None:
        return None
    offer = wire.parse(bytes(agreement.offer.body))
    waits = offer["lapse_days"] if offer.get("confirmation") == "required" else 0
    return max(following.day(signed.signed_at) + timedelta(days=waits), endings.withdraw_until(agreement) or date.min)


def asked(agreement: Agreement, now: datetime) -> bool:
    """May he confirm it on his page now?"""
    last = until(agreement)
    wanted = last and wire.parse(bytes(agreement.offer.body)).get("confirmation", "none") != "none"
    standing = agreement.state in endings.STANDING and done(agreement.pk, agreement.terms_sha256) is None
    return bool(wanted) and standing and following.day(now) <= last


def send(
    *, offer: Offer, agreement_id: UUID, terms_sha256: str, way: str, language: str, now: datetime,
    by: User | None = None,
) -> dict:
    """A code to the debtor's number → confirmation/1; where he has confirmed already, that one, and nothing is sent.

    The agreement itself may still be on its way. Refused("confirm.unknown" | ".no_number" | ".wait" | ".too_many").
    """  # fmt: skip
    rule = following.rules(following.day(now))["confirmation"]
    with transaction.atomic():
        record.lock([offer.case_id])
        if his := done(agreement_id, terms_sha256):
            return wire.parse(bytes(his.statement))
        here = Agreement.objects.filter(pk=agreement_id).first()
        if here and (here.offer_id, here.terms_sha256) != (offer.pk, terms_sha256):
            raise Refused("confirm.unknown")
        masked, number = _number(offer)
        if not number:
            raise Refused("confirm.no_number")
        sent = ConfirmationCode.objects.filter(offer__case=offer.case_id, at__gt=now - timedelta(days=1)).order_by("at")
        last = sent.last()
        wait = last.at + timedelta(seconds=rule["wait_seconds"]) - now if last else timedelta()
        if wait > timedelta():
            raise Refused("confirm.wait", seconds=-(-wait // timedelta(seconds=1)))
        if sent.count() >= rule["codes_a_day"]:
            raise Refused("confirm.too_many")
        row = ConfirmationCode(
            offer=offer, agreement_id=agreement_id, terms_sha256=terms_sha256, way=way, number=masked, at=now
        )
        row.code_hash, row.statement = _hash(row, code_of(row)), _statement(row, tries=0, confirmed_at=None)
        row.save()
        messages.note(key=f"confirmation.code:{row.pk}", kind="confirmation.code", case=offer.case, to=number,
                      language=language, now=now, params={"sent": str(row.pk)})  # fmt: skip
        _say(row, "confirmation.sent", {"number": masked, "way": way}, by, now)
    return wire.parse(bytes(row.statement))


def enter(*, code: ConfirmationCode, said: str, now: datetime, by: User | None = None) -> dict:
    """What was entered for the newest code → confirmation/1. A wrong try is kept even though the answer is a refusal.

    Refused("confirm.wrong" | "confirm.over"). What was held for nothing but this goes to the checks again.
    """
    rule = following.rules(following.day(code.at))["confirmation"]
    with transaction.atomic():
        record.lock([code.offer.case_id])
        if his := done(code.agreement_id, code.terms_sha256):
            return wire.parse(bytes(his.statement))
        newest = ConfirmationCode.objects.filter(agreement_id=code.agreement_id).order_by("at").last()
        tries = code.tries.count()
        if newest != code or tries >= rule["tries"] or now > code.at + timedelta(minutes=rule["code_minutes"]):
            raise Refused("confirm.over")
        ok = hmac.compare_digest(_hash(code, "".join(said.split())), code.code_hash)
        made = ConfirmationTry.objects.create(
            code=code, ok=ok, at=now, statement=_statement(code, tries=tries + 1, confirmed_at=now if ok else None)
        )
        word = "confirmation.entered" if ok else "confirmation.wrong"
        _say(code, word, {"number": code.number, "way": code.way, "tries": tries + 1}, by, now)
        if ok:
            _try_again(code, now)
    if not ok and tries + 1 >= rule["tries"]:
        raise Refused("confirm.over")
    if not ok:
        raise Refused("confirm.wrong", left=rule["tries"] - tries - 1)
    return wire.parse(bytes(made.statement))


def newest(offer: Offer, agreement: Agreement) -> ConfirmationCode | None:
    """The code that his own page has sent last."""
    found = ConfirmationCode.objects.filter(offer=offer, agreement_id=agreement.pk, way=ConfirmationWay.LINK)
    return found.select_related("offer").order_by("at").last()


def code_of(row: ConfirmationCode) -> str:
    """Six digits that only this server can work out; kept is nothing but their hash."""
    made = proposals.secret("confirmation-code", row.offer, row.pk.bytes)
    return f"{int.from_bytes(made[:8], 'big') % 10**6:06d}"


def _hash(row: ConfirmationCode, said: str) -> str:
    return salted_hmac(f"agreements.confirmations.{row.pk}", said, algorithm="sha256").hexdigest()


def _number(offer: Offer) -> tuple[str, str]:
    """(masked as in the text, the number itself), or "" where it does not fit any more or nothing can send."""
    debtor = wire.parse(bytes(offer.body))["parties"]["debtor"]
    party = Party.objects.filter(pk=debtor["party"], case=offer.case_id).first()
    fits = party and party.mobile and identity.mask_phone(party.mobile) == debtor["mobile_masked"]
    return debtor["mobile_masked"], party.mobile if fits and messages.way(MessageChannel.SMS) else ""


def _statement(row: ConfirmationCode, *, tries: int, confirmed_at: datetime | None) -> bytes:
    said = {
        "schema": "confirmation/1", "code": str(row.pk), "agreement_id": str(row.agreement_id),
        "terms_sha256": row.terms_sha256, "number": row.number, "way": str(row.way), "sent_at": row.at.isoformat(),
        "tries": tries, "confirmed_at": confirmed_at.isoformat() if confirmed_at else None,
        "key_id": keys.signing_key_id(),
    }  # fmt: skip
    return wire.canonical(said | {"sig": keys.sign(wire.canonical(said))})


def _say(row: ConfirmationCode, action: str, payload: dict, by: User | None, now: datetime) -> None:
    record.append(case=row.offer.case, action=action, object=f"agreement:{row.agreement_id}", actor=by, now=now,
                  payload=payload | {"terms_sha256": row.terms_sha256})  # fmt: skip


def _try_again(row: ConfirmationCode, now: datetime) -> None:
    waits = Agreement.objects.filter(pk=row.agreement_id, state=State.HELD).first()
    if waits and waits.codes == [MISSING]:
        Agreement.objects.filter(pk=waits.pk).update(state=State.READY, codes=[], params={}, state_at=now)
        _say(row, "agreement.checked_again", {"codes": waits.codes}, None, now)
        transaction.on_commit(sealing.seal_waiting.enqueue)


def _text(message: Message):
    row = ConfirmationCode.objects.select_related("offer__case__creditor").get(pk=message.params["sent"])
    minutes = following.rules(following.day(row.at))["confirmation"]["code_minutes"]
    return copies.confirmation(row.offer.case.creditor.name, code_of(row), row.terms_sha256, minutes)


messages.kind("confirmation.code", _text)
