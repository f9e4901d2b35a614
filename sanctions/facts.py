"""What is known of each partner today: its runs, pairs, people, absences, cases and ledger.

Read for all partners together, in a fixed number of queries; `sanctions.lights` says what it means.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from orgs import clock, staffing
from orgs.models import NoAgreement, Organisation, terms_on
from orgs.staffing import Post
from orgs.terms import Terms
from sanctions import access, delays, ledger, neglected_content, neglects
from sanctions.attendance import Counted
from sanctions.ledger import Balance
from sanctions.models import Case, Decision, LedgerEntry
from sanctions.neglected_content import Freshness
from services.models import Service
from workflow import pairs
from workflow.models import Run
from workflow.states import CLOCKED

_KEPT = (Service.Status.PUBLISHED, Service.Status.OUTDATED)


@dataclass
class Facts:
    """A partner's facts. `late` holds the days from which open runs are late whose delay is the partner's."""

    partner: Organisation
    running: int = 0
    late: list[datetime.date] = field(default_factory=list)
    services: int = 0
    broken: int = 0
    fresh: Freshness = field(default_factory=Freshness)
    posts: list[Post] = field(default_factory=list)
    neglects: list[Counted] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)


def facts_of(partners: Iterable[Organisation]) -> list[Facts]:
    """Return the facts of each partner, in the order given."""
    found = {one.pk: Facts(one) for one in partners}
    _read_runs(found)
    _read_pairs(found)
    for key, fresh in neglected_content.freshness_of(found).items():
        found[key].fresh = fresh
    for key, posts in _posts(found).items():
        found[key].posts = posts
    for key, counted in neglects.counted_of(clock.today().year).items():
        if key in found:
            found[key].neglects = counted
    for case in open_cases(found):
        found[case.partner_id].cases.append(case)
    for key, balance in ledger.balances(LedgerEntry.objects.filter(partner__in=found)).items():
        found[key].balance = balance
    return list(found.values())


def _read_runs(found: dict[int, Facts]) -> None:
    """Count what is on its way by the partner of today, and what is late by the partner of its day."""
    runs = Run.objects.filter(state__in=CLOCKED, service__responsible_partner__in=found).order_by()
    counted = runs.values_list("service__responsible_partner").annotate(count=Count("pk"))
    for partner, count in counted:
        assert partner is not None
        found[partner].running = count
    for answers, late_from in delays.late(found).order_by("late_from").values_list("answers", "late_from"):
        found[answers].late.append(late_from)


def _read_pairs(found: dict[int, Facts]) -> None:
    """Count the services that a partner answers for, and those whose pair does not work."""
    kept = Service.objects.filter(responsible_partner__in=found, status__in=_KEPT).order_by()
    counted = kept.values("responsible_partner").annotate(
        services=Count("pk"), broken=Count("pk", filter=pairs.is_broken())
    )
    for partner, services, broken in counted.values_list("responsible_partner", "services", "broken"):
        assert partner is not None
        found[partner].services, found[partner].broken = services, broken


def _posts(found: dict[int, Facts]) -> dict[int, list[Post]]:
    terms = terms_today()
    if terms is None:
        return {}
    return staffing.staffing_of([one.partner for one in found.values()], terms)


def open_cases(partners: Iterable[int]) -> list[Case]:
    """Return the open cases of partners by the day of their next step, each with how many were given."""
    given = Count("decisions", filter=Q(decisions__kind=Decision.Kind.GIVEN))
    cases = Case.objects.filter(partner__in=partners, state=Case.State.OPEN)
    cases = cases.select_related(*access.SHOWN).prefetch_related("decisions", "agreement__agreed")
    return list(cases.annotate(given=given).order_by("next_on", "pk"))


def terms_today() -> Terms | None:
    """Return the terms to follow today; None before the first agreement."""
    return terms_of(clock.today())


def terms_of(day: datetime.date) -> Terms | None:
    """Return the terms to follow on a day; None before the first agreement."""
    try:
        return terms_on(day)
    except NoAgreement:
        return None
