from .agreement import Agreement, Rejection, Sealed, Signature, State
from .clearance import Clearance
from .concern import Concern, ConcernKind, ConcernStep, StepKind
from .ending import Renewal, Void
from .link import LinkTry
from .offer import Offer, OfferPolicy
from .payment import Payment
from .statement import Approval, Statement

__all__ = [
    "Agreement",
    "Approval",
    "Clearance",
    "Concern",
    "ConcernKind",
    "ConcernStep",
    "LinkTry",
    "Offer",
    "OfferPolicy",
    "Payment",
    "Rejection",
    "Renewal",
    "Sealed",
    "Signature",
    "State",
    "Statement",
    "StepKind",
    "Void",
]
