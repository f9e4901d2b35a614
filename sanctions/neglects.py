"""What partners neglected in meetings and workshops, read from what was recorded.

`sanctions.attendance` reckons what it comes to.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator

from orgs import clock
from orgs.models import Agreement, Organisation
from orgs.terms import Terms
from sanctions.attendance import Counted, Kind, Neglect, counted, half_year
from sanctions.attendance import sanctions as reckoned
from sanctions.models import Attendance, Meeting

_OF_BODY = {
    Meeting.Kind.WORKING_GROUP: Kind.WORKING_ABSENCE,
    Meeting.Kind.STEERING_GROUP: Kind.STEERING_ABSENCE,
}


def partners_on(day: datetime.date) -> "list[Organisation]":
    """Return the partners of the agreement of a day, by name: those with a share of its cost.

    Where no shares are recorded, every partner that is open.
    """
    agreement = Agreement.objects.covering(day)
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER)
    shared = partners.filter(cost_shares__agreement=agreement) if agreement else partners.none()
    return sorted(shared or partners.filter(closed_on=None), key=str)


def _neglects_of(year: int) -> dict[int, list[Neglect]]:
    """Return what was not excused of a calendar year by the partner's primary key."""
    found: dict[int, list[Neglect]] = defaultdict(list)
    absences = Attendance.objects.filter(
        presence=Attendance.Presence.ABSENT, excused="", meeting__on__year=year
    ).exclude(meeting__kind=Meeting.Kind.WORKSHOP)
    for partner, kind, on in absences.values_list("partner", "meeting__kind", "meeting__on"):
        found[partner].append(Neglect(on, _OF_BODY[Meeting.Kind(kind)]))
    workshops = Meeting.objects.filter(
        kind=Meeting.Kind.WORKSHOP, facilitated=False, excused="", on__year=year
    )
    for partner, on in workshops.values_list("facilitator", "on"):
        assert partner is not None
        found[partner].append(Neglect(on, Kind.FACILITATION))
    return found


def _under_agreements(year: int) -> Iterator[tuple[int, list[Neglect], Terms]]:
    """Yield each partner's neglects of a year, and the terms of the agreement of the last of them.

    Without those of days on which no agreement was in force (docs/rules.md section 6).
    """
    agreements = list(Agreement.objects.all())

    def covering(day: datetime.date) -> Agreement | None:
        return next((one for one in agreements if one.starts_on <= day <= one.ends_on), None)

    for partner, events in _neglects_of(year).items():
        kept = [one for one in events if covering(one.on)]
        if kept and (last := covering(max(one.on for one in kept))):
            yield partner, kept, last.terms


def counted_of(year: int) -> dict[int, list[Counted]]:
    """Return each partner's neglects of a year, counted, by its primary key."""
    return {partner: counted(events, terms) for partner, events, terms in _under_agreements(year)}


def grounds_of(year: int) -> dict[tuple[int, str], datetime.date]:
    """Return the half-years that carry a sanction, (partner, "2026/2"), and the day of its ground."""
    return {
        (partner, name_of(one.on)): one.on
        for partner, events, terms in _under_agreements(year)
        for one in reckoned(events, terms)
    }


def name_of(day: datetime.date) -> str:
    """Return the name of a day's half-year: "2026/2"."""
    year, half = half_year(day)
    return f"{year}/{half}"


def first_year() -> int:
    """Return the year of the first agreement's first day; this year where there is none."""
    first = Agreement.objects.order_by("starts_on").first()
    return first.starts_on.year if first else clock.today().year
