"""What the debtor is sent: his copy as soon as it is sealed, reminders before due days, word of an answer, a code.

Texts are short, name no sum and no debt: whoever looks at the telephone learns nothing. The link asks before it tells.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from fieldvisit import messages, wire
from fieldvisit.models import Message, Party
from fieldvisit.rules import identity

from . import payments, proposals
from .models import Agreement, Concern, LinkTry, State
from .rules import document, following


def number_of(agreement: Agreement) -> str:
    """The number that the signed text names, as it stands in the case; "" where it does not fit any more."""
    debtor = wire.parse(bytes(agreement.body))["parties"]["debtor"]
    party = Party.objects.filter(pk=debtor["party"], case=agreement.case_id).first()
    fits = party and party.mobile and identity.mask_phone(party.mobile) == debtor["mobile_masked"]
    return party.mobile if fits else ""


def note(*, agreement: Agreement, now: datetime) -> Message | None:
    """The copy, at once: it is what makes the agreement take effect (clause 11a)."""
    return messages.note(
        key=f"agreement.copy:{agreement.pk}", kind="agreement.copy", case=agreement.case, to=number_of(agreement),
        language=agreement.language, now=now, params={"agreement": str(agreement.pk)},
    )  # fmt: skip


@messages.daily
def remind(now: datetime) -> int:
    """A message some days before an instalment is due, if it is not paid yet; never in quiet hours."""
    today, noted = following.day(now), 0
    ahead = {today + timedelta(days=n) for n in following.rules(today)["reminders"]["days_before"]}
    found = list(Agreement.objects.filter(state=State.SEALED).select_related("case"))
    for agreement, plan in zip(found, payments.plans_of(found, now).values(), strict=True):
        for row in plan.rows:
            if row.due in ahead and row.left_fen:
                noted += messages.note(
                    key=f"agreement.due:{agreement.pk}:{row.n}", kind="agreement.due", case=agreement.case, quiet=True,
                    to=number_of(agreement), language=agreement.language, now=now,
                    params={"agreement": str(agreement.pk), "n": row.n, "due": row.due.isoformat()},
                ) is not None  # fmt: skip
    return noted


def _agreement(message: Message) -> Agreement | None:
    return Agreement.objects.select_related("case__creditor", "offer").filter(pk=message.params["agreement"]).first()


def _copy(message: Message):
    found = _agreement(message)
    if found is None or found.state != State.SEALED:
        return None
    said = {"creditor": found.case.creditor.name, "url": proposals.copy_url(found.offer),
            "code": document.check_code(found.terms_sha256)}  # fmt: skip
    return _("Your copy"), _("{creditor}: your copy is here: {url} Check code {code}.").format(**said)


def _due(message: Message):
    found = _agreement(message)
    if found is None or found.state != State.SEALED:
        return None
    row = next(r for r in payments.plan_of(found, message.next_at).rows if r.n == message.params["n"])
    if not row.left_fen:
        return None
    said = {"creditor": found.case.creditor.name, "url": proposals.copy_url(found.offer), "due": message.params["due"]}
    return _("A date is near"), _(
        "{creditor}: a date of yours is near: {due}. See your page: {url} Done already? Then forget this."
    ).format(**said)


def _answer(message: Message):
    concern = Concern.objects.select_related("agreement__offer", "case__creditor").filter(
        steps=message.key.rsplit(":", 1)[1]
    ).first()  # fmt: skip
    if concern is None:
        return None
    offer = concern.agreement.offer if concern.agreement else concern.case.offers.order_by("-made_at").first()
    said = {"creditor": concern.case.creditor.name, "url": proposals.copy_url(offer)}
    return _("An answer"), _("{creditor}: there is an answer for you: {url}").format(**said)


def code_of(sent: LinkTry) -> str:
    """Six digits that only this server can work out; they are stored nowhere."""
    from_key = proposals.secret("link-code", sent.offer, str(sent.pk).encode())
    return f"{int.from_bytes(from_key[:8], 'big') % 10**6:06d}"


def _code(message: Message):
    sent = LinkTry.objects.select_related("offer__case__creditor").get(pk=message.params["sent"])
    said = {"creditor": sent.offer.case.creditor.name, "code": code_of(sent),
            "minutes": following.rules(following.day(sent.at))["link"]["code_minutes"]}  # fmt: skip
    return _("Your code"), _(
        "{creditor}: {code} opens your page, for {minutes} minutes. Tell it to nobody, not to us either."
    ).format(**said)


def confirmation(creditor: str, code: str, terms_sha256: str, minutes: int) -> tuple[str, str]:
    """The code with which he confirms what he signed; the check code tells him which text it is."""
    said = {"creditor": creditor, "code": code, "check": document.check_code(terms_sha256), "minutes": minutes}
    return _("Your code"), _(
        "{creditor}: {code} confirms the text with the check code {check}, for {minutes} minutes. "
        "Enter it yourself, and only if you signed this text."
    ).format(**said)


def ask(*, agreement: Agreement, now: datetime) -> Message | None:
    """Where the seal waits for his confirmation: the way to it."""
    return messages.note(
        key=f"agreement.confirm:{agreement.pk}", kind="agreement.confirm", case=agreement.case, to=number_of(agreement),
        language=agreement.language, now=now, params={"agreement": str(agreement.pk)}, quiet=True,
    )  # fmt: skip


def _confirm(message: Message):
    found = _agreement(message)
    if found is None or found.state != State.HELD:
        return None
    said = {"creditor": found.case.creditor.name, "url": proposals.copy_url(found.offer)}
    return _("Please confirm"), _(
        "{creditor}: you signed a text. It is sealed only once you have confirmed it here: {url}"
    ).format(**said)


messages.kind("agreement.confirm", _confirm)
messages.kind("agreement.copy", _copy)
messages.kind("agreement.due", _due)
messages.kind("concern.answer", _answer)
messages.kind("link.code", _code)
