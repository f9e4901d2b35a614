"""What this room keeps about people, for themselves to see and take along (docs/rules.md section 2)."""

from typing import Any

from django.db.models import Q

from orgs.models import User
from workflow.models import (
    Absence,
    ChangeRequest,
    Comment,
    Confirmation,
    Event,
    ExtensionNotice,
    Look,
    Pause,
    Run,
    SectionConfirmation,
)


def updater_of(user: User) -> list[dict[str, object]]:
    """Return what is kept of a person as an updater."""
    return [
        {
            "service": row.service.external_id,
            "half": row.half,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on and row.ends_on.isoformat(),
        }
        for row in user.updater_of.select_related("service")
    ]


def work_of(user: User) -> dict[str, Any]:
    """Return what a person did to services: what was done to which, when, and what was written."""
    named = Q(opened_by=user) | Q(submitted_by=user) | Q(closed_by=user) | Q(approved_by=user)
    named |= Q(writers=user)
    pauses = Pause.objects.filter(Q(opened_by=user) | Q(closed_by=user) | Q(decided_by=user))
    requests = ChangeRequest.objects.filter(Q(by=user) | Q(answered_by=user)).select_related("service")
    comments = Comment.objects.filter(Q(by=user) | Q(settled_by=user)).select_related("service")
    return {
        "events": [
            {"service": event.service.external_id, "what": event.kind, "at": event.at.isoformat()}
            for event in Event.objects.filter(actor=user).select_related("service")
        ],
        "runs": [run.pk for run in Run.objects.filter(named).distinct()],
        "pauses": [{"run": pause.run_id, "text": pause.text} for pause in pauses],
        "extension_notices": [
            {"run": sent.run_id, "text": sent.text} for sent in ExtensionNotice.objects.filter(sent_by=user)
        ],
        "sections_confirmed": [
            {"run": row.run_id, "section": row.group, "at": row.at.isoformat()}
            for row in SectionConfirmation.objects.filter(by=user)
        ],
        "read_for_review": [
            {"run": look.run_id, "at": look.at.isoformat()} for look in Look.objects.filter(by=user)
        ],
        "confirmed_valid": [
            {"service": row.service.external_id, "on": row.on.isoformat()}
            for row in Confirmation.objects.filter(by=user).select_related("service")
        ],
        "comments": [
            {"service": row.service.external_id, "field": row.field, "text": row.text} for row in comments
        ],
        "change_requests": [
            {"service": row.service.external_id, "text": row.text, "answer": row.answer} for row in requests
        ],
        "absences": [
            {"first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat()}
            for row in Absence.objects.filter(Q(user=user) | Q(deputy=user))
        ],
    }
