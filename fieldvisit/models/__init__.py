from .account import AccountAction, AccountEntry, SignIn
from .case import Address, Assignment, Case, Party, PartyRole
from .companion import Companion, CompanionWay, HelpCall
from .contact import Answer, Channel, Contact, ContactChange, Promise, Property, Way
from .creditor import CreditorChange
from .day import DayOrder, Mode, PutOff, PutOffReason
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
from .hold import AT_THE_DOOR, Hold, HoldReason
from .imports import ImportJob, ImportProfile, ImportRun, ImportUndo
from .lesson import Lesson
from .letter import DeliveryWay, Letter, LetterDelivery, LetterKind
from .message import Message, MessageChannel, MessageState
from .paper import Paper
from .people import Agency, Creditor, Mandate, Role, Team, User
from .permission import Permission
from .photo import Photo, PhotoOrder
from .reading import Read, Reading
from .recording import Recorder, RecorderFile, Recording
from .review import Decision, DecisionUndone, ReviewClaim, ReviewDecision
from .rule import RuleChange
from .saved import Absence, SavedView
from .score import ScoreTick
from .security import CourtHandover, Security, SecurityKind, SecurityMode
from .training import CardRead
from .visit import Consent, NextAction, Note, NoteKind, Outcome, Position, Visit

__all__ = [
    "AT_THE_DOOR",
    "HEADS",
    "Absence",
    "AccountAction",
    "AccountEntry",
    "Address",
    "Agency",
    "Answer",
    "Assignment",
    "Blob",
    "CardRead",
    "Case",
    "Channel",
    "Companion",
    "CompanionWay",
    "Consent",
    "Contact",
    "ContactChange",
    "CourtHandover",
    "Creditor",
    "CreditorChange",
    "DayOrder",
    "Debt",
    "Decision",
    "DecisionUndone",
    "DeliveryWay",
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
    "HelpCall",
    "Hold",
    "HoldReason",
    "ImportJob",
    "ImportProfile",
    "ImportRun",
    "ImportUndo",
    "Lesson",
    "Letter",
    "LetterDelivery",
    "LetterKind",
    "Mandate",
    "Message",
    "MessageChannel",
    "MessageState",
    "Mode",
    "NextAction",
    "Note",
    "NoteKind",
    "Outcome",
    "Paper",
    "Party",
    "PartyRole",
    "Permission",
    "Photo",
    "PhotoOrder",
    "Position",
    "Promise",
    "Property",
    "PutOff",
    "PutOffReason",
    "Quarantine",
    "Read",
    "Reading",
    "Receipt",
    "Recorder",
    "RecorderFile",
    "Recording",
    "ReviewClaim",
    "ReviewDecision",
    "Role",
    "RuleChange",
    "SavedView",
    "ScoreTick",
    "Security",
    "SecurityKind",
    "SecurityMode",
    "SignIn",
    "Status",
    "Team",
    "User",
    "Visit",
    "Way",
]
