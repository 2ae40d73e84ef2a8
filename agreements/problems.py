"""Every refusal of an agreement, in words: why the phone does not offer it, or why the server does not seal it."""

from django.utils.translation import gettext_lazy as _

from fieldvisit.problems import Problem, add

_KEPT = _("Everything that was signed is kept.")
_LOOK = _("A reviewer decides.")


def held(sentence) -> Problem:
    return Problem(sentence, _KEPT, _LOOK)


PROBLEMS = {
    # collecting
    "agreement.unknown": held(_("The signature belongs to an agreement that is not here.")),
    "agreement.same_id": held(_("Another agreement has this identifier already.")),
    "agreement.malformed": held(_("The agreement is not complete.")),
    # what a person decides about a held one
    "agreement.not_held": Problem(_("This agreement is not held: {state}."), _("Nothing was changed.")),
    "agreement.own": Problem(
        _("You took part in this visit."), _("Nothing was changed."), _("Somebody else must decide.")
    ),
    "agreement.reason": Problem(
        _("An agreement is rejected only with a reason."), _("Nothing was changed."), _("Write why, then reject it.")
    ),
    # the checks before sealing, in the order in which they are made
    "seal.hash": held(_("The bytes or the phone's signature of an event do not fit.")),
    "seal.canonical": held(_("The agreement is not written in the agreed form.")),
    "seal.clauses": held(_("The clauses are not those approved for that day.")),
    "seal.rights": held(_("The rights card is not the one approved for that day.")),
    "seal.schedule": held(_("The instalments are not those that the terms give.")),
    "seal.text": held(_("The text that was read is not the text that the terms give.")),
    "seal.offer_unknown": held(_("There is no such offer.")),
    "seal.offer_signature": held(_("The offer was not signed by this server.")),
    "seal.parties": held(_("Parties, signers or the balance are not those of the offer.")),
    "seal.case_closed": held(_("The case is closed.")),
    "seal.minor": held(_("The debtor is not of age and cannot sign alone.")),
    "seal.lapsed": held(_("By its own terms this agreement has lapsed: the days for sealing it are over.")),
    "seal.terms_hash": held(_("A signature belongs to other terms than these.")),
    "seal.signer": held(_("Not exactly those signed who must, each of them once.")),
    "seal.refused": held(_("The debtor both signed and refused this agreement on the same visit.")),
    "seal.consents": held(_("A consent is missing.")),
    "seal.not_read": held(_("The end of the text was not shown before signing.")),
    "seal.strokes": held(_("The drawing of the signature is not possible.")),
    "seal.strokes_copied": held(_("This drawing was seen before in another agreement.")),
    "seal.photos": held(_("A photo that the agreement names is not here.")),
    "seal.clock": held(_("The phone's clock cannot be trusted for that moment.")),
    "seal.in_force": held(_("Another agreement of this case is in force.")),
    "seal.authority": held(_("The collector or the agency had no authority at that moment.")),
    "seal.conduct": held(_("A rule of conduct that must not be broken was broken on this visit.")),
    "seal.ledger": held(_("What is owed has changed since the offer was made.")),
    "seal.unprintable": held(_("A character cannot be printed: {character}.")),
    "seal.pdf": held(_("The sealed paper did not pass its own test.")),
    # the offer's bounds, on the phone as well
    "offer.method": held(_("This way of paying was not offered.")),
    "offer.too_many": held(_("More instalments than were offered.")),
    "offer.too_small": held(_("An instalment is smaller than the least that was offered.")),
    "offer.rate": held(_("The rate is not the one that was offered.")),
    "offer.balance": held(_("The balance is not the one that was offered.")),
    "offer.reduction": held(_("The reduction is larger than was offered.")),
    "offer.expired": held(_("The offer was no longer valid.")),
    "offer.not_yet": held(_("The offer was not yet valid.")),
    "offer.first_due": held(_("The first payment is too early or too late.")),
    "offer.terms": held(_("A term is not the one that was offered.")),
}
add(PROBLEMS)
