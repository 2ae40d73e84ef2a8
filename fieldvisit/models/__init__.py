from .case import Address, Assignment, Case, Party, PartyRole
from .debt import HEADS, Debt, FormerBalance
from .entry import Entry, EntryDetail
from .event import (
    Blob,
    Device,
    DeviceAction,
    DeviceOrder,
    DeviceOwner,
    Event,
    HeldDecision,
    Quarantine,
    Receipt,
    Status,
)
from .imports import ImportRun
from .people import Agency, Creditor, Mandate, Role, Team, User
from .photo import Photo
from .review import Decision, ReviewDecision
from .visit import Consent, NextAction, Note, NoteKind, Outcome, Position, Visit

__all__ = [
    "HEADS",
    "Address",
    "Agency",
    "Assignment",
    "Blob",
    "Case",
    "Consent",
    "Creditor",
    "Debt",
    "Decision",
    "Device",
    "DeviceAction",
    "DeviceOrder",
    "DeviceOwner",
    "Entry",
    "EntryDetail",
    "Event",
    "FormerBalance",
    "HeldDecision",
    "ImportRun",
    "Mandate",
    "NextAction",
    "Note",
    "NoteKind",
    "Outcome",
    "Party",
    "PartyRole",
    "Photo",
    "Position",
    "Quarantine",
    "Receipt",
    "ReviewDecision",
    "Role",
    "Status",
    "Team",
    "User",
    "Visit",
]
