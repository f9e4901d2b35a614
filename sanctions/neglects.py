"""What partners neglected in meetings and workshops, read from what was recorded.

`sanctions.attendance` reckons what it comes to.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from orgs import clock
from orgs.models import AgreedTerms, Agreement, NoAgreement, Organisation, terms_by_day
from orgs.terms_by_day import TermsByDay
from sanctions import attendance
from sanctions.attendance import Counted, Kind, Neglect, counted, half_year
from sanctions.attendance import sanctions as reckoned
from sanctions.models import Attendance, Meeting

OF_BODY = {
    Meeting.Kind.WORKING_GROUP: Kind.WORKING_ABSENCE,
    Meeting.Kind.STEERING_GROUP: Kind.STEERING_ABSENCE,
}


def partners_on(day: datetime.date) -> "list[Organisation]":
    """Return the partners of the agreement of a day, by name: those with a share of its cost.

    Where no shares are recorded, every partner that is open.
    """
    periods = Agreement.objects.filter(starts_on__lte=day, ends_on__gte=day)
    agreed = AgreedTerms.objects.filter(agreement__in=periods, starts_on__lte=day).last()
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER)
    shared = partners.filter(cost_shares__agreed=agreed) if agreed else partners.none()
    return sorted(shared or partners.filter(closed_on=None), key=str)


def _neglects_of(year: int) -> dict[int, list[Neglect]]:
    """Return what was not excused of a calendar year by the partner's primary key."""
    found: dict[int, list[Neglect]] = defaultdict(list)
    absences = Attendance.objects.filter(
        presence=Attendance.Presence.ABSENT, excused="", meeting__on__year=year
    ).exclude(meeting__kind=Meeting.Kind.WORKSHOP)
    for partner, kind, on in absences.values_list("partner", "meeting__kind", "meeting__on"):
        found[partner].append(Neglect(on, OF_BODY[Meeting.Kind(kind)]))
    workshops = Meeting.objects.filter(
        kind=Meeting.Kind.WORKSHOP, facilitated=False, excused="", on__year=year
    )
    for partner, on in workshops.values_list("facilitator", "on"):
        assert partner is not None
        found[partner].append(Neglect(on, Kind.FACILITATION))
    return found


def _under_agreements(year: int) -> dict[int, list[Neglect]]:
    """Return each partner's neglects of a year, without those of days on which no agreement was in force.

    Nothing is proposed for such a day (docs/rules.md section 6).
    """
    periods = list(Agreement.objects.values_list("starts_on", "ends_on"))
    return {
        partner: kept
        for partner, events in _neglects_of(year).items()
        if (kept := [one for one in events if any(first <= one.on <= last for first, last in periods)])
    }


def _agreed() -> TermsByDay | None:
    try:
        return terms_by_day()
    except NoAgreement:
        return None


def counted_of(year: int) -> dict[int, list[Counted]]:
    """Return each partner's neglects of a year, counted, by its primary key."""
    agreed = _agreed()
    if agreed is None:
        return {}
    return {partner: counted(events, agreed) for partner, events in _under_agreements(year).items()}


def grounds_of(year: int) -> dict[tuple[int, str], datetime.date]:
    """Return the half-years that carry a sanction, (partner, "2026/2"), and the day of its ground."""
    agreed = _agreed()
    if agreed is None:
        return {}
    return {
        (partner, name_of(one.on)): one.on
        for partner, events in _under_agreements(year).items()
        for one in reckoned(events, agreed)
    }


def name_of(day: datetime.date) -> str:
    """Return the name of a day's half-year: "2026/2"."""
    year, half = half_year(day)
    return f"{year}/{half}"


def costs_next(partners: Iterable[Organisation]) -> dict[int, dict[Kind, Decimal]]:
    """Return, by partner, of which body one more absence today would carry a sanction, and how many euros."""
    today, agreed = clock.today(), _agreed()
    if agreed is None or Agreement.objects.covering(today) is None:
        return {}
    events = _under_agreements(today.year)
    return {one.pk: attendance.costs_next(events.get(one.pk, []), today, agreed) for one in partners}


def first_year() -> int:
    """Return the year of the first agreement's first day; this year where there is none."""
    first = Agreement.objects.order_by("starts_on").first()
    return first.starts_on.year if first else clock.today().year
