"""Who is told: the half of a pair, its deputy, the main users; never nobody.

Source: docs/rules.md section 9. The half's own updater, or whoever stands in for one who is away;
where there is none that can act, the main users of the half's organisations; where there are none
either, the project's ICT specialists.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from orgs import access, clock
from orgs.models import Organisation, User
from orgs.roles import Capability, Role
from services import access as access_to
from services.models import Service
from workflow import pairs
from workflow.models import Absence, Event, Run, Updater

Half = Updater.Half


def deputy_of(user: User, day: datetime.date) -> User | None:
    """Return who stands in for a person who is away on `day`, if that one may sign in."""
    absence = (
        Absence.objects.filter(user=user, first_day__lte=day, last_day__gte=day, deputy__is_active=True)
        .select_related("deputy")
        .order_by("first_day", "pk")
        .first()
    )
    return absence.deputy if absence else None


def acting(service: Service, half: Updater.Half) -> User | None:
    """Return who acts for a half today: its updater or the deputy; None where the pair is broken."""
    updater = pairs.current(service, half)
    if updater is None or not pairs.can_be(updater.user, updater.organisation):
        return None
    return deputy_of(updater.user, clock.today()) or updater.user


def main_users_of(organisations: Iterable[Organisation]) -> list[User]:
    """Return the main users of the organisations, each once, by name."""
    return list(access.holders_among(organisations, [Role.MAIN_USER]).order_by("full_name", "pk"))


def of_half(service: Service, half: Updater.Half) -> list[User]:
    """Return whom to tell of something that is this half's to do."""
    person = acting(service, half)
    if person is not None:
        return [person]
    return main_users_of(pairs.organisations_of_half(service, half)) or access.ict_specialists()


def of_reminder(service: Service) -> list[User]:
    """Return whom to remind: the provider's half, else the partner's, else the main users.

    Source: docs/rules.md section 9 (a missing updater never stalls a reminder).
    """
    for half in (Half.PROVIDER, Half.PARTNER):
        person = acting(service, half)
        if person is not None:
            return [person]
    for half in (Half.PROVIDER, Half.PARTNER):
        if found := main_users_of(pairs.organisations_of_half(service, half)):
            return found
    return access.ict_specialists()


def of_run(run: Run) -> list[User]:
    """Return those who wrote into a run, submitted it or returned it, and still work on the service.

    They hear what becomes of it, whatever the name of their role (docs/rules.md section 4).
    """
    returned = Event.objects.filter(run=run, kind=Event.Kind.RETURNED).values("actor")
    part = Q(pk__in=run.writers.all()) | Q(pk=run.submitted_by_id or 0) | Q(pk__in=returned)
    people = User.objects.filter(part, is_active=True).order_by("full_name", "pk")
    return [one for one in people if access_to.may(one, Capability.WRITE_PUBLIC, run.service)]


def who_returned(run: Run) -> list[User]:
    """Return those who returned a run to the provider and may still review it, the last one first."""
    events = Event.objects.filter(run=run, kind=Event.Kind.RETURNED, actor__is_active=True)
    people = dict.fromkeys(event.actor for event in events.select_related("actor") if event.actor)
    return [one for one in people if access_to.may(one, Capability.PUBLISH, run.service)]


def of_both(service: Service) -> list[User]:
    """Return both halves, each person once."""
    return list(dict.fromkeys([*of_half(service, Half.PROVIDER), *of_half(service, Half.PARTNER)]))
