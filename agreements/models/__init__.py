from .agreement import Agreement, Rejection, Sealed, Signature, State
from .offer import Offer, OfferPolicy

__all__ = ["Agreement", "Offer", "OfferPolicy", "Rejection", "Sealed", "Signature", "State"]
