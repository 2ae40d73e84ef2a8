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
    "agreement.paper": Problem(
        _("Both must hold: every page is there, and the hash on the pages is that of the text."),
        _("Nothing was changed."),
        _("Tick both, or reject it with a reason."),
    ),
    "agreement.approver": Problem(
        _("Only a supervisor who had no part in it may let this pass."),
        _("Nothing was changed."),
        _("Ask a supervisor of the team."),
    ),
    "agreement.not_approvable": Problem(
        _("There are reasons against this agreement that nobody may let pass."),
        _("Nothing was changed."),
        _("Reject it with a reason; a new one can be signed."),
    ),
    "agreement.approval_reason": Problem(
        _("It is let pass only with a reason."), _("Nothing was changed."), _("Write why, then approve it.")
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
    "seal.unconfirmed": held(
        _("The debtor has not yet confirmed with a code sent to his number; this creditor asks for it.")
    ),
    "seal.signer": held(_("Not exactly those signed who must, each of them once.")),
    "seal.unsigned.debtor": held(_("The debtor has not signed.")),
    "seal.unsigned.co-debtor": held(_("The co-debtor has not signed, though the text names one.")),
    "seal.unsigned.guarantor": held(_("The guarantor has not signed, though the text names one.")),
    "seal.unsigned.spouse": held(_("The spouse has not signed, though the text names one.")),
    "seal.unsigned.interpreter": held(_("The interpreter has not signed, though the text names one.")),
    "seal.unsigned.collector": held(_("A collector whom the text names has not signed.")),
    "signer.form": held(_("Who signs beside the debtor is not described as agreed.")),
    "signer.role": held(_("The clauses of that day have none for a signer of this kind.")),
    "signer.known": held(_("A signer's name or number is not the one of the case.")),
    "signer.collector": held(_("A collector is named who was not on this visit.")),
    "guarantee.ended": held(
        _("The guarantee period has ended: no signature revives it (CN-GUAR-02; Security interpretation 34).")
    ),
    "guarantee.period": held(
        _("An earlier guarantee keeps its period: a new plan does not move it (CN-GUAR-01; Civil Code 695).")
    ),
    "guarantee.most": held(_("The guaranteed sum is nothing, or more than all instalments together.")),
    "guarantee.until": held(
        _("The guarantee must end after the last instalment, or it counts as without a period (Civil Code 692).")
    ),
    "seal.refused": held(_("Somebody both signed and refused this agreement on the same visit.")),
    "seal.stopped": Problem(
        _("The visit was stopped at the door, and the case is paused since."), _KEPT,
        _("A supervisor decides about the pause; then it is checked again."),
    ),
    "seal.consents": held(_("A consent is missing.")),
    "seal.not_read": held(_("The end of the text was not shown before signing.")),
    "seal.paper_unseen": held(_("It was signed on paper, and nobody has looked at the pages yet.")),
    "seal.paper_pages": held(_("The photos of the paper are not as many as the text has pages.")),
    "seal.strokes": held(_("The drawing of the signature is not possible.")),
    "seal.strokes_copied": held(_("This drawing was seen before in another agreement.")),
    "seal.photos": held(_("A photo that the agreement names is not here.")),
    "seal.clock": held(_("The phone's clock cannot be trusted for that moment.")),
    "seal.affordability": held(_("What is said of income and spending is not what was told on this visit.")),
    # the gate: a second person may let these pass, with a reason
    "afford.no_statement": held(_("Nothing was asked about income and spending before this plan.")),
    "afford.declined": held(_("Income and spending were not told, so nobody knows whether he can carry this plan.")),
    "afford.incomplete": held(_("Too little is known of income and spending.")),
    "afford.short": held(_("The household's income does not cover its spending.")),
    "afford.reserve": held(_("The instalment takes more than the household can spare.")),
    "afford.debt_share": held(_("With this instalment, debts take too much of the household's income.")),
    "seal.in_force": held(_("Another agreement of this case is in force.")),
    "seal.authority": held(_("The collector or the agency had no authority at that moment.")),
    "seal.conduct": held(_("A rule of conduct that must not be broken was broken on this visit.")),
    "seal.ledger": held(_("What is owed has changed since the offer was made.")),
    "seal.unprintable": held(_("A character cannot be printed: {character}.")),
    "seal.pdf": held(_("The sealed paper did not pass its own test.")),
    # why there is no offer, on the step Agree
    "no_offer.closed": Problem(_("The case is closed."), do=_("Ask the office.")),
    "no_offer.mandate": Problem(_("No mandate of the creditor is in force today."), do=_("Ask the office.")),
    "policy.reason": Problem(_("A change needs its reason."), _("Nothing was changed.")),
    "policy.dates": Problem(_("Offers already made stand; new terms begin today or later."), _("Nothing was changed.")),
    "policy.ceiling": Problem(
        _("A rate of these terms is above what the law allows this lender."), _("Nothing was changed."),
        _("Lower the rate, or correct the kind of lender."),
    ),
    "policy.second": Problem(
        _("A second person decides this."), _("Nothing was changed."), _("Ask another supervisor or administrator.")
    ),
    "policy.decided": Problem(_("This has been decided already."), "", _("Open the page again to see how.")),
    "no_offer.policy": Problem(_("The creditor has not said yet what may be offered."), do=_("Ask the office.")),
    "no_offer.debtor": Problem(_("The creditor's file names no debtor in this case."), do=_("Ask the office.")),
    "no_offer.debt": Problem(
        _("By the creditor's file nothing is owed here."), do=_("Ask him for nothing; ask the office.")
    ),
    "no_offer.minor": Problem(
        _("The debtor is under 18 and cannot sign alone (Civil Code 19)."), do=_("Ask the office.")
    ),
    "no_offer.limitation": Problem(
        _("This debt is or may be past its time limit, and no supervisor has released it."),
        do=_("Ask for no promise and no signature; a supervisor decides first."),
    ),
    "no_offer.ceiling": Problem(
        _("The rate of the offer, or what the creditor's file claims, is above what the law allows for this loan."),
        do=_("Speak of no sum to pay; the office asks the creditor."),
    ),
    "no_offer.name": Problem(
        _("His name holds a character that cannot be printed: {character}."),
        do=_("Ask the office how his papers write it; it can correct the spelling."),
    ),
    "no_offer.character": Problem(
        _("What the agreement must name holds a character that cannot be printed: {character}."),
        do=_("Ask the office to correct it."),
    ),
    # the offer's bounds, on the phone as well
    "offer.method": held(_("This way of paying was not offered.")),
    "offer.too_many": held(_("More instalments than were offered.")),
    "offer.too_small": held(_("An instalment is smaller than the least that was offered.")),
    "offer.rate": held(_("The rate is not the one that was offered.")),
    "offer.balance": held(_("The balance is not the one that was offered.")),
    "offer.reduction": held(_("The reduction is larger than was offered.")),
    "offer.expired": held(_("The offer was no longer valid.")),
    "offer.not_yet": held(_("The offer was not yet valid.")),
    "seal.limitation": held(_("This debt may be past its time limit, and no supervisor has released it.")),
    "limitation.reason": Problem(
        _("A debt past its time limit is released only with a reason."), _("Nothing was changed."),
        _("Write why, then release it."),
    ),
    "limitation.supervisor": Problem(
        _("Only a supervisor may release a debt that may be past its time limit."), _("Nothing was changed."),
        _("Ask a supervisor of the team."),
    ),
    "limitation.running": Problem(
        _("The time limit of this debt still runs."), _("Nothing was changed."), _("Nothing has to be released.")
    ),
    "limitation.released": Problem(
        _("This debt was released before."), _("Nothing was changed."), _("See who did it in the record.")
    ),
    "offer.ceiling": held(_("The rate is above what the law allows for this loan.")),
    "offer.deferral": held(_("The first months without a payment were not offered in this way.")),
    "offer.balloon": held(_("The last payment is larger than was offered.")),
    "offer.first_due": held(_("The first payment is too early or too late.")),
    "offer.terms": held(_("A term is not the one that was offered.")),
}
add(PROBLEMS)

# --- after the agreement
_NOTHING = _("Nothing was changed.")
_SIGNED = _("What was signed is safe.")
add(
    {
        "seal.on_hold": held(_("The work on this case is paused.")),
        "seal.supersedes": held(_("It does not name the agreement that it replaces.")),
        "payment.reference": Problem(_("A payment needs the creditor's reference."), _NOTHING),
        "payment.form": Problem(
            _("A payment needs a reference, a sum in yuan and a day."), _NOTHING, _("Fill in all three.")
        ),
        "payment.sum": Problem(_("A payment is more than nothing."), _NOTHING),
        "payment.to_come": Problem(_("That day is still to come."), _NOTHING, _("Enter the day on which it was paid.")),
        "payment.other_sum": Problem(
            _("There is a payment {reference} already, of another sum, day or case."),
            _NOTHING,
            _("Compare both with the creditor."),
        ),
        "payment.missing": Problem(
            _("Contract, reference, sum and day must all be there."), _("The row was left out.")
        ),
        "payment.reason": Problem(_("A payment is taken back only with a reason."), _NOTHING),
        "payment.reversed": Problem(_("This payment was taken back already."), _NOTHING),
        "payment.no_case": Problem(
            _("No case of this creditor has the contract {contract}."), _("The row was left out.")
        ),
        "bundle.too_large": Problem(
            _("The bundle of this case would be larger than 4 GB."), _NOTHING, _("Export one agreement at a time.")
        ),
        "void.late": Problem(
            _("The days for taking it back are over."),
            _("Your agreement stays as it is."),
            _("You can ask for another plan."),
        ),
        "void.over": Problem(_("This agreement is no longer in force: {state}."), _NOTHING),
        "void.reason": Problem(_("An agreement is made void only with a reason."), _NOTHING, _("Write why.")),
        "void.asked": Problem(_("Somebody has asked for that already."), _NOTHING, _("A second person decides.")),
        "void.own": Problem(_("You asked for it yourself."), _NOTHING, _("A second person decides.")),
        "void.decided": Problem(_("This was decided already."), _NOTHING),
        "void.who": Problem(_("Only a supervisor or an administrator may do this."), _NOTHING),
        "renewal.reason": Problem(_("A new agreement in its place needs a reason."), _NOTHING, _("Write why.")),
        "renewal.not_in_force": Problem(_("Only an agreement in force can be replaced."), _NOTHING),
        "renewal.again": Problem(_("A new agreement may replace it already."), _NOTHING),
        "concern.text": Problem(_("Nothing is written yet."), "", _("Write a few words, then send.")),
        "concern.many": Problem(
            _("You have written several times today."), _("All of it has arrived."), _("You can also telephone.")
        ),
        "concern.answered": Problem(_("This was answered already."), _NOTHING),
        "concern.own": Problem(
            _("You were at the door in this case."), _NOTHING, _("Somebody else must deal with it.")
        ),
        "concern.no_longer": Problem(_("No longer time is allowed."), _NOTHING, _("Answer now.")),
        "concern.answer": Problem(_("The debtor reads this: write a few words."), _NOTHING),
        "link.wrong": Problem(_("That does not fit."), "", _("You can try {left} more times.")),
        "link.locked": Problem(
            _("Too many tries. This page is locked for {hours} hours."),
            _("Your agreement is safe."),
            _("You can also telephone the creditor."),
        ),
        "link.no_code": Problem(
            _("No code can be sent now."), "", _("Use the identity number, or telephone the creditor.")
        ),
        "confirm.unknown": Problem(_("This plan and this link do not belong together."), _SIGNED),
        "confirm.no_number": Problem(
            _("No code can be sent: there is no number, or no way to send."), _SIGNED, _("It goes on without a code.")
        ),
        "confirm.wait": Problem(_("A code was sent a moment ago."), _SIGNED, _("Wait {seconds} seconds.")),
        "confirm.too_many": Problem(
            _("No more codes can be sent today."), _SIGNED, _("It can be confirmed tomorrow, on the debtor's page.")
        ),
        "confirm.wrong": Problem(_("This is not the code."), _SIGNED, _("You can try {left} more times.")),
        "confirm.over": Problem(_("This code cannot be used any more."), _SIGNED, _("Have a new one sent.")),
        "confirm.late": Problem(_("The days for confirming are over."), _SIGNED),
        "settling.over": Problem(_("No plan of this agreement is in force: {state}."), _NOTHING),
        "settling.paid": Problem(_("The plan is paid to the end. Nothing is left to pay."), _NOTHING),
        "settling.way": Problem(_("Write how he was told, for example by telephone."), _NOTHING),
        "clearance.not_done": Problem(_("The plan is not paid to the end."), _NOTHING),
        "clauses.draft_open": Problem(
            _("A draft of this set is open already."), _NOTHING, _("Go on with it, or discard it first.")
        ),
        "clauses.reason": Problem(_("Say what the new version changes."), _NOTHING, _("Write why, then ask again.")),
        "clauses.dates": Problem(
            _("A version cannot stand from a day that is over."), _NOTHING, _("Choose a later day.")
        ),
        "clauses.same": Problem(_("Nothing is different from the version it was copied from."), _NOTHING),
        "clauses.refused": Problem(
            _("The checklist refuses this text."), _NOTHING, _("Look at what is listed, and write it otherwise.")
        ),
        "clauses.not_asked": Problem(_("Nobody has asked to publish this draft as it stands now."), _NOTHING),
        "clauses.second": Problem(
            _("You had a hand in this draft."), _NOTHING, _("Somebody else must read and publish it.")
        ),
    }
)
