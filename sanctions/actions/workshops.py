"""Policy workshops: planned with the partner whose turn it is, prepared, recorded, and told of afterwards."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.dates import date, period
from orgs.models import Organisation, User
from orgs.refused import Refused
from orgs.roles import Capability
from sanctions import neglects, telling
from sanctions.actions.meetings import There, attend, saved, signed
from sanctions.models import Attendance, Meeting
from workflow.models import HolidaySeason

Presence = Attendance.Presence
Text = Literal["material", "minutes"]


@dataclass(frozen=True)
class Held:
    """What is recorded of a workshop: whether the facilitator did its part, and who was there."""

    facilitated: bool
    there: Mapping[Organisation, There]
    note: str = ""


@transaction.atomic
def plan(
    on: datetime.date, facilitator: Organisation, *, by: User, workshop: Meeting | None = None
) -> Meeting:
    """Plan a workshop, or move one that is planned to another day or partner; the facilitator is told.

    Raises PermissionDenied for all but the project manager and the communications officer,
    ValidationError for a day that is past or in a holiday season, Refused for one that is recorded.
    """
    access.require(by, Capability.RECORD_MEETINGS)
    made = _planned(workshop) if workshop else Meeting(kind=Meeting.Kind.WORKSHOP, facilitated=None)
    before = (made.on, made.host) if workshop else None
    _check_day(on, made)
    if facilitator not in neglects.partners_on(on):
        raise ValidationError({"facilitator": _("%(name)s is no partner then.") % {"name": facilitator}})
    made.on, made.facilitator = on, facilitator
    made.recorded_by, made.recorded_at = by, clock.now()
    made.full_clean()
    signed(made, by)
    made.save()
    if before != (on, facilitator):
        telling.workshop_planned(made)
    if before and before[1] != facilitator:
        telling.workshop_off(made, before[1])
    return made


@transaction.atomic
def cancel(workshop: Meeting, *, by: User) -> None:
    """Take a planned workshop off; the facilitator is told. Raises Refused once it is recorded."""
    access.require(by, Capability.RECORD_MEETINGS)
    row = _planned(workshop)
    telling.workshop_off(row, row.host)
    signed(row, by)
    row.delete()


@transaction.atomic
def write(workshop: Meeting, which: Text, text: str, *, by: User) -> Meeting:
    """Keep the material before, or the notes after, a workshop; the working group is told the first time.

    The facilitator's seats in the working group write it, and those who record meetings. Raises
    PermissionDenied for others, ValidationError for notes before the day.
    """
    row = Meeting.objects.select_for_update().get(pk=workshop.pk, kind=Meeting.Kind.WORKSHOP)
    access.require(by, Capability.PREPARE_WORKSHOPS, access.own(row.host))
    if which == "minutes" and row.on > clock.today():
        raise ValidationError(
            {
                which: _("Notes can be written from the day of the workshop on, %(day)s.")
                % {"day": date(row.on)}
            }
        )
    first = not getattr(row, which)
    setattr(row, which, text.strip())
    row.full_clean()
    signed(row, by)
    row.save()
    if first and text.strip():
        telling.workshop_written(row, which, by)
    return row


@transaction.atomic
def record(
    on: datetime.date,
    facilitator: Organisation,
    held: Held,
    *,
    by: User,
    workshop: Meeting | None = None,
    reason: str = "",
) -> Meeting:
    """Record a workshop: whose turn it was, whether it was done, and who was there for each partner.

    A workshop that was planned for the day is the one that is recorded. Whoever mends a record says
    why. Raises PermissionDenied and ValidationError as `meetings.record` does.
    """
    access.require(by, Capability.RECORD_MEETINGS)
    made = workshop or Meeting.objects.filter(kind=Meeting.Kind.WORKSHOP, on=on, facilitated=None).first()
    made = made or Meeting(facilitated=None)
    planned = made.is_planned
    made.facilitator, made.facilitated = facilitator, held.facilitated
    if held.facilitated:
        made.excused = ""
    made = saved(made, Meeting.Kind.WORKSHOP, on, by, note=held.note, reason=reason, mends=not planned)
    attend(made, held.there, by, reason)
    return made


def _check_day(on: datetime.date, made: Meeting) -> None:
    if on < clock.today():
        raise ValidationError({"on": _("This day is past: record the workshop instead.")})
    if Meeting.objects.filter(kind=made.kind, on=on).exclude(pk=made.pk).exists():
        raise ValidationError({"on": _("There is a workshop on this day already.")})
    season = HolidaySeason.objects.filter(first_day__lte=on, last_day__gte=on).first()
    if season:
        days = period(season.first_day, season.last_day)
        words = _("There are no workshops in the holiday season (%(days)s).")
        raise ValidationError({"on": words % {"days": days}})


def _planned(workshop: Meeting) -> Meeting:
    row = Meeting.objects.select_for_update().get(pk=workshop.pk)
    if not row.is_planned:
        raise Refused(_("The workshop has been recorded: its record can be mended."))
    return row
