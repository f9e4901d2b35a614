"""Sanctions on cooperation: absences and neglected workshops, by half-year (docs/rules.md section 6).

Pure: a partner's events come in, its sanctions go out.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from orgs.terms import Terms
from orgs.terms_by_day import TermsByDay

_HALF = 6  # months


class Kind(Enum):
    """What a partner neglected."""

    STEERING_ABSENCE = "steering"
    WORKING_ABSENCE = "working"
    FACILITATION = "facilitation"


@dataclass(frozen=True)
class Neglect:
    """One neglect of a partner on a day."""

    on: datetime.date
    kind: Kind


@dataclass(frozen=True)
class Counted:
    """A neglect, how many of its kind there had been in the year with it, and whether it is sanctionable."""

    neglect: Neglect
    number: int
    sanctionable: bool


@dataclass(frozen=True)
class Sanction:
    """The sanction of a half-year, dated by the first neglect in it that is sanctionable; in euros."""

    on: datetime.date
    amount: Decimal


def half_year(day: datetime.date) -> tuple[int, int]:
    """Return the year and the half, 1 or 2, in which a day falls."""
    return day.year, 1 if day.month <= _HALF else 2


def _limit(kind: Kind, terms: Terms) -> int:
    match kind:
        case Kind.STEERING_ABSENCE:
            return terms.steering_absence_limit
        case Kind.WORKING_ABSENCE:
            return terms.working_absence_limit
    return 1


def counted(events: Iterable[Neglect], agreed: TermsByDay) -> list[Counted]:
    """Return a partner's neglects in order of their days, each counted within its calendar year.

    An absence is sanctionable from the second of the steering group, from the third of the working
    group on, by the terms of its own day; a neglected workshop always.
    """
    numbers: Counter[tuple[int, Kind]] = Counter()
    found = []
    for event in sorted(events, key=lambda one: (one.on, one.kind.value)):
        numbers[event.on.year, event.kind] += 1
        number = numbers[event.on.year, event.kind]
        found.append(Counted(event, number, number >= _limit(event.kind, agreed.on(event.on))))
    return found


def sanctions(events: Iterable[Neglect], agreed: TermsByDay) -> list[Sanction]:
    """Return a partner's sanctions on cooperation: at most one in each half-year, in order."""
    first: dict[tuple[int, int], datetime.date] = {}
    for one in counted(events, agreed):
        if one.sanctionable:
            first.setdefault(half_year(one.neglect.on), one.neglect.on)
    return [Sanction(day, agreed.on(day).cooperation_sanction) for day in first.values()]


ABSENCES = (Kind.STEERING_ABSENCE, Kind.WORKING_ABSENCE)


def costs_next(events: Iterable[Neglect], day: datetime.date, agreed: TermsByDay) -> dict[Kind, Decimal]:
    """Return of which body one more absence on a day would carry a sanction, and how many euros.

    Only where there has been an absence in the year already: the first is nobody's last warning.
    """
    known = list(events)
    found = {}
    for kind in ABSENCES:
        before = [one for one in known if one.kind == kind and one.on.year == day.year and one.on <= day]
        more = [*known, Neglect(day, kind)]
        new = [one for one in sanctions(more, agreed) if one not in sanctions(known, agreed)]
        if before and len(sanctions(more, agreed)) > len(sanctions(known, agreed)):
            found[kind] = new[0].amount
    return found
