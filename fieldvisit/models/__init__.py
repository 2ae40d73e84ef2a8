from .case import Address, Assignment, Case, Party, PartyRole
from .contact import Answer, Channel, Contact, ContactChange, Promise, Property, Way
from .debt import HEADS, Debt, FormerBalance
from .enrolment import DeviceConsent, EnrolmentCode
from .entry import Entry, EntryDetail
from .event import (
    Blob,
    Device,
    DeviceAction,
    DeviceKeeps,
    DeviceOrder,
    DeviceOwner,
    Event,
    HeldDecision,
    Quarantine,
    Receipt,
    Status,
)
from .hold import Hold, HoldReason
from .imports import ImportRun
from .message import Message, MessageChannel, MessageState
from .people import Agency, Creditor, Mandate, Role, Team, User
from .permission import Permission
from .photo import Photo, PhotoOrder
from .recording import Recorder, RecorderFile, Recording
from .review import Decision, ReviewDecision
from .rule import RuleChange
from .visit import Consent, NextAction, Note, NoteKind, Outcome, Position, Visit

__all__ = [
    "HEADS",
    "Address",
    "Agency",
    "Answer",
    "Assignment",
    "Blob",
    "Case",
    "Channel",
    "Consent",
    "Contact",
    "ContactChange",
    "Creditor",
    "Debt",
    "Decision",
    "Device",
    "DeviceAction",
    "DeviceConsent",
    "DeviceKeeps",
    "DeviceOrder",
    "DeviceOwner",
    "EnrolmentCode",
    "Entry",
    "EntryDetail",
    "Event",
    "FormerBalance",
    "HeldDecision",
    "Hold",
    "HoldReason",
    "ImportRun",
    "Mandate",
    "Message",
    "MessageChannel",
    "MessageState",
    "NextAction",
    "Note",
    "NoteKind",
    "Outcome",
    "Party",
    "PartyRole",
    "Permission",
    "Photo",
    "PhotoOrder",
    "Position",
    "Promise",
    "Property",
    "Quarantine",
    "Receipt",
    "Recorder",
    "RecorderFile",
    "Recording",
    "ReviewDecision",
    "Role",
    "RuleChange",
    "Status",
    "Team",
    "User",
    "Visit",
    "Way",
]
