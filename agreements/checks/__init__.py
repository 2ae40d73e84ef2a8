"""What must hold before an agreement is sealed. Each check is a function that gives the codes of what does not hold.

The order is that of the protocol (design: evidence). Nothing is changed here; a code's sentence stands in problems.py.
"""

from agreements.rules.refusal import Refused
from fieldvisit import wire
from fieldvisit.bodies import Misshapen

from . import affordability, authority, signing, text
from .affordability import APPROVABLE
from .authority import lapsed
from .papers import Papers, papers

__all__ = ["APPROVABLE", "CHECKS", "Papers", "failed", "lapsed", "papers"]


def failed(p: Papers) -> list[str]:
    """Codes of every check that fails, in order, each once. Empty: it may be sealed.

    What a second person let pass is left out, if it is something that he may let pass.
    """
    codes = []
    for check in CHECKS:
        try:
            codes += check(p)
        except STUMBLES:
            # content from a phone may be malformed in any way; whatever a check stumbles over does not hold
            codes.append(STUMBLED[check])
    passed = p.passed & set(APPROVABLE)
    return [code for code in dict.fromkeys(codes) if code not in passed]


# The code that stands for a check that could not even be made.
STUMBLES = (
    Refused, Misshapen, wire.Broken, LookupError, ArithmeticError, TypeError, ValueError, AttributeError,
    RecursionError,
)  # fmt: skip
STUMBLED = {
    text.form: "agreement.malformed",
    text.digests: "seal.hash",
    text.canonical: "seal.canonical",
    text.clauses: "seal.clauses",
    text.rows: "seal.schedule",
    text.paragraphs: "seal.text",
    authority.offered: "seal.offer_unknown",
    authority.others: "signer.form",
    authority.case: "seal.case_closed",
    authority.capacity: "seal.minor",
    authority.in_time: "seal.limitation",
    authority.lapse: "seal.lapsed",
    text.terms_hash: "seal.terms_hash",
    signing.signers: "seal.signer",
    signing.confirmed: "seal.unconfirmed",
    signing.refused: "seal.refused",
    signing.stopped: "seal.stopped",
    signing.strokes: "seal.strokes",
    signing.photos: "seal.photos",
    signing.on_paper: "seal.paper_pages",
    signing.clock: "seal.clock",
    authority.in_force: "seal.in_force",
    authority.authority: "seal.authority",
    authority.conduct: "seal.conduct",
    affordability.gated: "seal.affordability",
    authority.ledger: "seal.ledger",
}
CHECKS = tuple(STUMBLED)
