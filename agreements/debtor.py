"""What a debtor sees of his own agreement, once his link is opened: plan, payments, papers, answers, his choices."""

from datetime import UTC, date, datetime, timedelta

import rfc8785
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from fieldvisit import wire

from . import concerns, confirmations, endings, link, payments, pdf, proposals, settling, timestamps
from .models import Agreement, Concern, Offer, State
from .rules import document, following, money


def page(offer: Offer, now: datetime) -> dict:
    """The context of the page; without an agreement that was signed only what he may say."""
    agreement = link.current(offer)
    doc = wire.parse(bytes((agreement or offer).body))
    found = {
        "agreement": agreement, "creditor": doc["parties"]["creditor"], "debtor": doc["parties"]["debtor"],
        "answers": concerns.of(_said(offer), now), "until": link.until(offer),
        "rules": following.rules(following.day(now))["concerns"],
    }  # fmt: skip
    if agreement is None:
        return found
    sealed = agreement.sealed if hasattr(agreement, "sealed") else None
    recomputed = document.terms_hash(doc, canonical=rfc8785.dumps)
    found |= {
        "doc": doc, "sealed": sealed, "check_code": document.check_code(recomputed),
        "same": recomputed == agreement.terms_sha256, "withdraw_until": endings.withdraw_until(agreement),
        "may_confirm": confirmations.asked(agreement, now),
        "confirmed": confirmations.done(agreement.pk, agreement.terms_sha256),
        "may_withdraw": endings.may_withdraw(agreement, now), "clearance": getattr(agreement, "clearance", None),
    }  # fmt: skip
    if sealed:
        found |= {"genuine": genuine(agreement), "stamp": pdf.seal_lines(agreement.case.creditor.short_name)}
    if agreement.state == State.SEALED:
        found["plan"] = plan = payments.plan_of(agreement, now)
        found |= {"next": plan.next, "next_capital": money.capital(plan.next.left_fen) if plan.next else ""}
    return found


def settled(agreement: Agreement, now: datetime) -> dict:
    """What he pays to be done, for his page. Refused as settling.of."""
    with translation.override(settings.LANGUAGE_CODE):
        way = _("On the debtor's own page")
    found = settling.tell(agreement=agreement, way=way, by=None, now=now)
    account = wire.parse(bytes(agreement.body))["parties"]["creditor"]
    return found | {"capital": money.capital(found["left"].total), "account": account}


def genuine(agreement: Agreement) -> bool:
    """The paper that he can download, verified on the spot."""
    try:
        paper = timestamps.read(agreement.sealed)
    except FileNotFoundError:
        return False
    return wire.sha256(paper) == timestamps.newest(agreement.sealed).pdf_sha256 and timestamps.verify(paper).ok


def _said(offer: Offer):
    """What he wrote about this case, newest first: answers stay readable under every link of his."""
    return Concern.objects.filter(case=offer.case_id).prefetch_related("steps__by").order_by("-received_at")


def calendar(agreement: Agreement, now: datetime) -> bytes:
    """RFC 5545: the due days still to come, whole days, with a reminder the day before. No sum, no name of a debt."""
    plan, url = payments.plan_of(agreement, now), proposals.copy_url(agreement.offer)
    made = Calendar()
    made.add("prodid", "-//Fieldvisit//Due days//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for row in plan.rows:
        if row.state == "paid":
            continue
        event = Event()
        event.add("uid", f"{agreement.pk}-{row.n}@fieldvisit")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", row.due)
        event.add("dtend", row.due + timedelta(days=1))
        event.add("summary", _("Payment {n} of {all}").format(n=row.n, all=len(plan.rows)))
        event.add("description", _("Sum and account stand on your page: {url}").format(url=url))
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _("Payment {n} of {all}").format(n=row.n, all=len(plan.rows)))
        alarm.add("trigger", timedelta(hours=-15))  # nine in the morning of the day before
        event.add_component(alarm)
        made.add_component(event)
    return made.to_ical()


def day_left(last: date | None, now: datetime) -> int:
    return (last - following.day(now)).days if last else -1
