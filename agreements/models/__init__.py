from .agreement import Agreement, Rejection, Sealed, Signature, State
from .checkpoint import Checkpoint, CheckpointLeaf, CheckpointTime
from .clause_set import ClauseDraft, ClauseSet
from .clearance import Clearance
from .concern import Concern, ConcernKind, ConcernStep, StepKind
from .confirmation import ConfirmationCode, ConfirmationTry, ConfirmationWay
from .ending import Renewal, Void
from .limitation import LimitationRelease
from .link import LinkTry
from .offer import Offer, OfferPolicy
from .paper import PaperCheck
from .payment import Payment
from .statement import Approval, Statement
from .timestamp import ClearanceTimestamp, Over, Timestamp

__all__ = [
    "Agreement",
    "Approval",
    "Checkpoint",
    "CheckpointLeaf",
    "CheckpointTime",
    "ClauseDraft",
    "ClauseSet",
    "Clearance",
    "ClearanceTimestamp",
    "Concern",
    "ConcernKind",
    "ConcernStep",
    "ConfirmationCode",
    "ConfirmationTry",
    "ConfirmationWay",
    "LimitationRelease",
    "LinkTry",
    "Offer",
    "OfferPolicy",
    "Over",
    "PaperCheck",
    "Payment",
    "Rejection",
    "Renewal",
    "Sealed",
    "Signature",
    "State",
    "Statement",
    "StepKind",
    "Timestamp",
    "Void",
]
