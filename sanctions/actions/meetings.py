"""Recording meetings of the two bodies, and who was there for each partner."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.dates import date
from orgs.models import Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import Body, Capability, SeatKind
from orgs.wording import lower_first
from sanctions import neglects, telling
from sanctions.models import Attendance, Meeting

Presence = Attendance.Presence
Kind = Meeting.Kind


@dataclass(frozen=True)
class There:
    """How a partner was there, with the name of a substitute, and a note."""

    presence: Attendance.Presence
    substitute: str = ""
    note: str = ""


@transaction.atomic
def record(
    kind: Meeting.Kind,
    on: datetime.date,
    there: Mapping[Organisation, There],
    *,
    by: User,
    note: str = "",
    meeting: Meeting | None = None,
    reason: str = "",
) -> Meeting:
    """Record a meeting of a body, or mend what was recorded; attendance is kept for every partner given.

    Whoever mends a record says why: it stays in its history, and what was decided by it is looked at
    again. Raises PermissionDenied for all but the project manager and the communications officer,
    ValidationError with what is missing.
    """
    access.require(by, Capability.RECORD_MEETINGS)
    _check_held(kind, on, there)
    made = saved(meeting or Meeting(), kind, on, by, note=note, reason=reason, mends=bool(meeting))
    _warn(made, attend(made, there, by, reason))
    return made


def attend(
    meeting: Meeting, there: Mapping[Organisation, There], by: User, reason: str = ""
) -> list[Organisation]:
    """Keep who was there; return the partners whose absence is new."""
    absent = []
    for partner, given in there.items():
        row = meeting.attendance.filter(partner=partner).first() or Attendance(
            meeting=meeting, partner=partner
        )
        if given.presence == Presence.ABSENT and row.presence != Presence.ABSENT:
            absent.append(partner)
        row.presence, row.note = given.presence, given.note.strip()
        row.substitute = given.substitute.strip() if given.presence == Presence.SUBSTITUTE else ""
        if given.presence != Presence.ABSENT:
            row.excused = ""
        row.full_clean()
        signed(row, by, reason)
        row.save()
    return absent


def holders(kind: Meeting.Kind, day: datetime.date) -> dict[tuple[int, str], str]:
    """Return the names of those who held a body's seats on a day, by partner and kind of seat."""
    seats = Seat.objects.filter(in_force(day), body=kind).select_related("user")
    return {(seat.organisation_id, seat.kind): seat.user.get_full_name() for seat in seats}


_SEATS = {Presence.MEMBER: SeatKind.MEMBER, Presence.DEPUTY: SeatKind.DEPUTY}


def _check_held(kind: Meeting.Kind, on: datetime.date, there: Mapping[Organisation, There]) -> None:
    """Refuse that someone was there in a seat that nobody held on that day."""
    held = holders(kind, on)
    wrong = {}
    for partner, given in there.items():
        seat = _SEATS.get(given.presence)
        if seat is not None and (partner.pk, seat) not in held:
            wrong[f"presence-{partner.pk}"] = _(
                "%(partner)s had nobody in this seat on %(day)s (%(seat)s). Name a substitute or record an "
                "absence."
            ) % {"partner": partner, "day": date(on), "seat": lower_first(str(seat.label))}
    if wrong:
        raise ValidationError(wrong)


def _warn(meeting: Meeting, absent: Sequence[Organisation]) -> None:
    """Tell those who were absent where the next absence of this year would cost."""
    if meeting.on.year != clock.today().year:
        return
    costs = neglects.costs_next(absent)
    for partner in absent:
        if neglects.OF_BODY[Meeting.Kind(meeting.kind)] in costs.get(partner.pk, {}):
            telling.absence_warning(partner, Body(meeting.kind), meeting.on)


def saved(
    made: Meeting,
    kind: Meeting.Kind,
    on: datetime.date,
    by: User,
    *,
    note: str,
    reason: str,
    mends: bool,
) -> Meeting:
    """Keep the record of a meeting that was held; one that is mended asks for the reason."""
    if mends and not reason.strip():
        raise ValidationError({"reason": _("Write why the record is mended.")})
    if on > clock.today():
        raise ValidationError({"on": _("Record a meeting once it has been held.")})
    made.kind, made.on, made.note = kind, on, note.strip()
    made.recorded_by, made.recorded_at = by, clock.now()
    made.full_clean()
    signed(made, by, reason)
    made.save()
    return made


def signed(row: Meeting | Attendance, by: User, reason: str = "") -> None:
    """Tell a row's history who changes it now, and why."""
    row._history_user, row._history_date = by, clock.now()
    row._change_reason = reason.strip() or None


def excuse(partner: Organisation, on: datetime.date, reason: str, *, by: User) -> None:
    """Let what a partner neglected on a day count for nothing; the caller has decided so."""
    absences = Attendance.objects.filter(partner=partner, meeting__on=on, presence=Presence.ABSENT)
    for row in absences.exclude(meeting__kind=Kind.WORKSHOP):
        row.excused = reason[:500]
        signed(row, by)
        row.save()
    for meeting in Meeting.objects.filter(facilitator=partner, on=on, facilitated=False):
        meeting.excused = reason[:500]
        signed(meeting, by)
        meeting.save()
