"""Cases with their decisions, and the ledger."""

from sanctions.models.case import Answer, Case, Decision, Mention
from sanctions.models.ledger import LedgerEntry

__all__ = ["Answer", "Case", "Decision", "LedgerEntry", "Mention"]
