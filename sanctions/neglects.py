"""What partners neglected in meetings and workshops, read from what was recorded.

`sanctions.attendance` reckons what it comes to.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

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


def neglects_of(year: int) -> dict[int, list[Neglect]]:
    """Return the neglects of a calendar year by the partner's primary key.

    Without those that are excused, and those of days on which no agreement was in force
    (docs/rules.md section 6).
    """
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
    periods = list(Agreement.objects.values_list("starts_on", "ends_on"))
    return {partner: kept for partner, events in found.items() if (kept := _covered(events, periods))}


def _covered(
    events: Iterable[Neglect], periods: Iterable[tuple[datetime.date, datetime.date]]
) -> list[Neglect]:
    return [one for one in events if any(first <= one.on <= last for first, last in periods)]


def _terms_of(events: Iterable[Neglect]) -> Terms:
    """Return the terms of the agreement in force on the last of a year's neglects."""
    agreement = Agreement.objects.covering(max(one.on for one in events))
    assert agreement is not None, "only neglects under an agreement are kept"
    terms: Terms = agreement.terms
    return terms


def counted_of(year: int) -> dict[int, list[Counted]]:
    """Return each partner's neglects of a year, counted, by its primary key."""
    return {partner: counted(events, _terms_of(events)) for partner, events in neglects_of(year).items()}


def grounds_of(year: int) -> dict[tuple[int, str], datetime.date]:
    """Return the half-years that carry a sanction, (partner, "2026/2"), and the day of its ground."""
    return {
        (partner, name_of(one.on)): one.on
        for partner, events in neglects_of(year).items()
        for one in reckoned(events, _terms_of(events))
    }


def name_of(day: datetime.date) -> str:
    """Return the name of a day's half-year: "2026/2"."""
    year, half = half_year(day)
    return f"{year}/{half}"


def first_year() -> int:
    """Return the year of the first agreement's first day; this year where there is none."""
    first = Agreement.objects.order_by("starts_on").first()
    return first.starts_on.year if first else clock.today().year
