"""Cases with their decisions, the ledger, meetings and handovers."""

from sanctions.models.case import Answer, Case, Decision, Mention
from sanctions.models.correction import Correction
from sanctions.models.handover import Handover
from sanctions.models.ledger import LedgerEntry
from sanctions.models.letter import Letter, LetterCopy
from sanctions.models.meeting import Attendance, Meeting
from sanctions.models.record import MailOnRecord, NameOnRecord

__all__ = [
    "Answer",
    "Attendance",
    "Case",
    "Correction",
    "Decision",
    "Handover",
    "LedgerEntry",
    "Letter",
    "LetterCopy",
    "MailOnRecord",
    "Meeting",
    "Mention",
    "NameOnRecord",
]
