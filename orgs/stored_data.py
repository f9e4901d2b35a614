"""What the system keeps about a person, for that person to see and take along (docs/rules.md section 2)."""

from collections.abc import Callable
from typing import Any

from orgs.models import LogEntry, Notice, User

Part = Callable[[User], Any]
_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Add what a room above keeps about people; `part` returns plain values."""
    _parts[name] = part


def of(user: User) -> dict[str, Any]:
    """Return everything kept about `user` as plain values."""
    return {
        "account": _account(user),
        "memberships": [
            {
                "organisation": membership.organisation.external_id,
                "role": membership.role,
                "starts_on": membership.starts_on.isoformat(),
                "ends_on": membership.ends_on and membership.ends_on.isoformat(),
            }
            for membership in user.memberships.select_related("organisation")
        ],
        "seats": [
            {
                "organisation": seat.organisation.external_id,
                "body": seat.body,
                "kind": seat.kind,
                "starts_on": seat.starts_on.isoformat(),
                "ends_on": seat.ends_on and seat.ends_on.isoformat(),
            }
            for seat in user.seats.select_related("organisation")
        ],
        "account_steps": [
            {"step": step.kind, "reason": step.reason, "on": step.on.isoformat()}
            for step in user.account_steps.all()
        ],
        "notices": [
            {
                "kind": notice.kind,
                "created_at": notice.created_at.isoformat(),
                "state": notice.state,
                "sent_at": notice.sent_at and notice.sent_at.isoformat(),
                "subject": notice.subject,
            }
            for notice in Notice.objects.filter(recipient=user)
        ],
        "access_tokens": [
            {
                "name": token.name,
                "organisation": token.organisation and token.organisation.external_id,
                "scopes": token.scopes,
                "made": token.created_at.isoformat(),
                "valid_until": token.expires_on.isoformat(),
                "last_used": token.last_used_at and token.last_used_at.isoformat(),
                "revoked": token.revoked_at and token.revoked_at.isoformat(),
            }
            for token in user.access_tokens.select_related("organisation")
        ],
        "notices_once_a_day": [choice.notice_class for choice in user.notice_choices.all()],
        "user_log": [
            {"at": entry.at.isoformat(), "event": entry.event, "ip": entry.ip, "detail": entry.detail}
            for entry in LogEntry.objects.filter(actor=user)
        ],
    } | {name: part(user) for name, part in _parts.items()}


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "full_name": user.full_name,
        "job_title": user.job_title,
        "language": user.language,
        "home_municipality": user.home_municipality_id,
        "joined_at": user.joined_at.isoformat(),
        "last_active_on": user.last_active_on.isoformat(),
        "last_login": user.last_login and user.last_login.isoformat(),
    }
