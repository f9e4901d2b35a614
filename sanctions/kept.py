"""What this room keeps about people, for themselves to see and take along (docs/rules.md section 2)."""

from typing import Any

from django.db.models import Q

from orgs.models import User
from sanctions.models import (
    Answer,
    Case,
    Correction,
    Decision,
    Handover,
    LedgerEntry,
    Letter,
    LetterCopy,
    Meeting,
    Mention,
)


def of(user: User) -> dict[str, Any]:
    """Return what a person decided, answered and was told of, as plain values."""
    return {
        "cases_opened": [case.pk for case in Case.objects.filter(opened_by=user)],
        "decisions": [
            {"case": row.case_id, "what": row.kind, "on": row.on.isoformat(), "text": row.text}
            for row in Decision.objects.filter(actor=user)
        ],
        "corrections": [
            {"case": row.case_id, "state": row.state, "on": row.decided_on and row.decided_on.isoformat()}
            for row in Correction.objects.filter(decided_by=user)
        ],
        "answers": [
            {"case": row.case_id, "at": row.at.isoformat(), "text": row.text, "file": row.file_name}
            for row in Answer.objects.filter(by=user)
        ],
        "mentions": [
            {"case": row.case_id, "on": row.on.isoformat(), "text": row.text}
            for row in Mention.objects.filter(to=user)
        ],
        "handovers": [
            {
                "from": row.giver_id == user.pk,
                "due_on": row.due_on.isoformat(),
                "done_on": row.done_on and row.done_on.isoformat(),
            }
            for row in Handover.objects.filter(Q(giver=user) | Q(receiver=user))
        ],
        "meetings_recorded": [meeting.pk for meeting in Meeting.objects.filter(recorded_by=user)],
        "letters": [
            letter.name
            for letter in Letter.objects.defer("pdf", "blocks").filter(
                Q(decision__actor=user)
                | Q(entry__by=user)
                | Q(recipients__contains=[{"name": user.get_full_name()}])
            )
        ],
        "letters_sent_on": [
            copy.letter.name
            for copy in LetterCopy.objects.filter(
                Q(name=user.get_full_name()) | Q(sent_by=user.get_full_name())
            ).select_related("letter")
        ],
        "ledger": [entry.number for entry in LedgerEntry.objects.filter(by=user)],
    }
