from .agreement import Agreement, Sealed, Signature, State
from .offer import Offer, OfferPolicy

__all__ = ["Agreement", "Offer", "OfferPolicy", "Sealed", "Signature", "State"]
