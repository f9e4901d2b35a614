"""Reminding the project manager, once a week, of what has waited for a decision."""

import datetime

from orgs import access, clock
from orgs.models import Notice
from sanctions import telling
from sanctions.models import Case, Correction

_WEEK = datetime.timedelta(days=7)


def waiting_since() -> list[datetime.date]:
    """Return the days on which what waits for the project manager was proposed.

    What is with the steering group waits for the group.
    """
    cases = Case.objects.filter(proposed_on__isnull=False, with_steering=False)
    corrections = Correction.objects.filter(state=Correction.State.PROPOSED)
    days = [*cases.values_list("proposed_on", flat=True), *corrections.values_list("proposed_on", flat=True)]
    return sorted(day for day in days if day is not None)


def remind() -> int:
    """Tell each project manager of what has waited for a week, once a week; return how many were told."""
    days, today = waiting_since(), clock.today()
    if not days or today - days[0] < _WEEK:
        return 0
    lately = Notice.objects.filter(kind="decisions_wait", created_at__gt=clock.now() - _WEEK)
    told = set(lately.values_list("recipient", flat=True))
    people = [person for person in access.project_managers() if person.pk not in told]
    for person in people:
        telling.decisions_wait(person, len(days), (today - days[0]).days)
    return len(people)
