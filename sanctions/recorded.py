"""What has been recorded, as a scenario of `simulate`: to prove the ledger by it, or to ask what if.

A scenario has each proposal accepted on its day. What the project manager exempted or closed is given
as put right; cases that were opened by hand have no place in a scenario, and are left out.
"""

import datetime
from typing import Any

from orgs import clock
from orgs.models import Agreement, Organisation
from orgs.terms import as_values
from sanctions.models import Attendance, Case, Handover, Meeting
from services.models import responsible_on
from workflow.models import HolidaySeason, Run
from workflow.states import RunState

_DAY = datetime.timedelta(days=1)
_BODIES = {Meeting.Kind.STEERING_GROUP: "steering", Meeting.Kind.WORKING_GROUP: "working"}


def scenario(agreement: Agreement, until: datetime.date) -> dict[str, Any]:
    """Return everything recorded under an agreement up to a day, as plain values of JSON."""
    names = dict(Organisation.objects.values_list("pk", "external_id"))
    first, last = agreement.starts_on, min(agreement.ends_on, until)
    return {
        "until": last.isoformat(),
        "agreement": {"from": first.isoformat(), "to": agreement.ends_on.isoformat()},
        **_terms(agreement),
        "seasons": [
            {"from": one.first_day.isoformat(), "to": one.last_day.isoformat()}
            for one in HolidaySeason.objects.order_by("first_day")
        ],
        "runs": [run for one in _runs(first, last) if (run := _run(one, names))],
        **_meetings(first, last, names),
        "handovers": [
            _handover(one, names) for one in Handover.objects.filter(starts_on__range=(first, last))
        ],
    }


def _terms(agreement: Agreement) -> dict[str, Any]:
    """Return the terms that the agreement began with, and its changes in order."""
    begins, *changes = agreement.agreed.order_by("starts_on")
    return {
        "terms": as_values(begins.terms),
        "changes": [{"from": one.starts_on.isoformat(), "terms": as_values(one.terms)} for one in changes],
    }


def _runs(first: datetime.date, last: datetime.date) -> list[Run]:
    runs = Run.objects.filter(submitted_at__isnull=False, submitted_at__date__range=(first, last))
    return list(runs.select_related("service").prefetch_related("pauses").order_by("pk"))


def _day(moment: datetime.datetime) -> datetime.date:
    return clock.day_of(moment)


def _run(run: Run, names: dict[int, str]) -> dict[str, Any] | None:
    assert run.submitted_at is not None
    submitted = _day(run.submitted_at)
    responsibility = responsible_on(run.service, run.overdue_from or submitted)
    if responsibility is None:
        return None
    found: dict[str, Any] = {
        "id": str(run.pk),
        "partner": names[responsibility.partner_id],
        "kind": "new" if run.longer or run.kind == Run.Kind.NEW else "update",
        "submitted": submitted.isoformat(),
        "pauses": [_pause(one.reason, one.first_day, one.until) for one in run.pauses.all() if one.accepted],
    }
    if run.closed_at is not None:
        key = "published" if run.state == RunState.PUBLISHED else "put_right"
        found[key] = _day(run.closed_at).isoformat()
    if (day := _ended(run)) is not None:
        found["put_right"] = day.isoformat()
    return found


def _pause(reason: str, first: datetime.date, until: datetime.date | None) -> dict[str, str]:
    ends = {"to": until.isoformat()} if until else {}
    return {"reason": reason, "from": first.isoformat()} | ends


def _ended(run: Run) -> datetime.date | None:
    """Return the day on which a decision ended the run's case: the day before its ground if exempted."""
    case = Case.objects.filter(run=run).exclude(state=Case.State.GROUNDLESS).first()
    if case is None or case.closed_on is None:
        return None
    if case.state == Case.State.EXEMPTED:
        return case.ground_on - _DAY
    return case.closed_on if case.state == Case.State.PUT_RIGHT else None


def _meetings(first: datetime.date, last: datetime.date, names: dict[int, str]) -> dict[str, Any]:
    held = Meeting.objects.filter(on__range=(first, last)).prefetch_related("attendance").order_by("on", "pk")
    return {
        "meetings": [
            {
                "body": _BODIES[Meeting.Kind(one.kind)],
                "date": one.on.isoformat(),
                "absent": _absent(one, names),
            }
            for one in held
            if one.kind != Meeting.Kind.WORKSHOP
        ],
        "workshops": [
            {
                "date": one.on.isoformat(),
                "facilitator": names[one.facilitator_id],
                "done": one.facilitated or bool(one.excused),
            }
            for one in held
            if one.facilitator_id is not None and not one.is_planned
        ],
    }


def _absent(meeting: Meeting, names: dict[int, str]) -> list[str]:
    rows = meeting.attendance.all()
    absent = Attendance.Presence.ABSENT
    return sorted(names[row.partner_id] for row in rows if row.presence == absent and not row.excused)


def _handover(one: Handover, names: dict[int, str]) -> dict[str, Any]:
    done = {"done": one.done_on.isoformat()} if one.done_on else {}
    partner, due = names[one.partner_id], one.due_on.isoformat()
    since = one.starts_on.isoformat()
    return {"partner": partner, "due": due, "since": since, "excused": bool(one.excused)} | done
