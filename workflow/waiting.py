"""What waits for a person: the runs whose next step is theirs, the most urgent first.

Source: docs/rules.md sections 4, 5 and 9: the half that is to act is its updater's, or the deputy's
while that one is away; where the half is broken, its organisations' main users'.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from orgs import access, clock
from orgs.models import User, terms_on
from orgs.roles import MAIN_USER, PROVIDER_MAIN_USER, Capability
from services.access import services_for
from services.models import Service
from workflow import freshness, pairs
from workflow.models import Absence, Confirmation, Pause, Reminder, Run, Updater
from workflow.states import OPEN, RunState

Half = Updater.Half
_SOON = 1  # days: today and tomorrow
_WEEK = 7


@dataclass(frozen=True)
class Task:
    """A run whose next step is the person's."""

    run: Run
    step: str  # "finish", "answer" or "review"
    due: datetime.date | None

    def urgency(self, today: datetime.date) -> str:
        """Return which part of the list it stands in: "late", "now", "week" or "later"."""
        if self.due is None:
            return "later"
        left = (self.due - today).days
        return "late" if left < 0 else "now" if left <= _SOON else "week" if left <= _WEEK else "later"


def runs_of(user: User) -> "QuerySet[Run, Run]":
    """Return the open runs of services that a person writes or publishes, or decides of."""
    runs = Run.objects.filter(state__in=OPEN)
    if not access.may(user, Capability.DECIDE_PAUSES):
        written = (services_for(user, one) for one in (Capability.WRITE_PUBLIC, Capability.PUBLISH))
        reached = Q()
        for services in written:
            reached |= Q(service__in=services.values("pk"))
        runs = runs.filter(reached)
    current = Updater.objects.filter(ends_on=None).select_related("user")
    return runs.select_related(
        "service__organiser", "service__responsible_partner", "submitted_by", "opened_by", "taken_by"
    ).prefetch_related(
        "service__producers", "extensions", "pauses", Prefetch("service__updaters", current, "pair")
    )


def tasks_of(user: User, runs: Iterable[Run]) -> list[Task]:
    """Return those of `runs` (as `runs_of` reads them) that wait for the person, the most urgent first."""
    listed = list(runs)
    working = pairs.working(updater for run in listed for updater in pair_of(run.service))
    deputies = _deputies(clock.today())
    held = access.positions(user)
    main_user_in = {one.organisation for one in held if one.holder in (MAIN_USER, PROVIDER_MAIN_USER)}
    found = [
        Task(run, _STEPS[RunState(run.state)], _due(run))
        for run in listed
        if _waits_for(run, user, working, deputies, main_user_in)
    ]
    return sorted(found, key=lambda task: (task.due is None, task.due, task.run.opened_at, task.run.pk))


_STEPS = {RunState.DRAFTING: "finish", RunState.WAITING: "answer", RunState.IN_REVIEW: "review"}


def _due(run: Run) -> datetime.date | None:
    """Return the day to go by: the target while it is to come, then the due date."""
    return run.due_on if run.target_on is None or run.target_on < clock.today() else run.target_on


def pair_of(service: Service) -> list[Updater]:
    """Return the updaters of today that were read along with the service."""
    found: list[Updater] = service.pair  # type: ignore[attr-defined]
    return found


def _waits_for(
    run: Run,
    user: User,
    working: Collection[int],
    deputies: Mapping[int, int],
    main_user_in: Collection[int],
) -> bool:
    if run.state == RunState.DRAFTING:
        return run.opened_by_id == user.pk
    half = Half.PROVIDER if run.state == RunState.WAITING else Half.PARTNER
    updater = next((one for one in pair_of(run.service) if one.half == half), None)
    if updater is not None and updater.pk in working:
        return deputies.get(updater.user_id, updater.user_id) == user.pk
    return any(one.pk in main_user_in for one in pairs.organisations_of_half(run.service, half))


def _deputies(today: datetime.date) -> dict[int, int]:
    """Return who stands in for whom today, by the person's number."""
    away = Absence.objects.filter(first_day__lte=today, last_day__gte=today, deputy__is_active=True)
    rows = away.order_by("-first_day", "-pk").values_list("user", "deputy")
    return dict(rows)


@dataclass(frozen=True)
class Stale:
    """A published service that must be confirmed, and the day on which it leaves the public pages."""

    service: Service
    outdates_on: datetime.date


def stale_of(user: User) -> list[Stale]:
    """Return the services of a person's pairs that were reminded of and not confirmed since, in order.

    Source: docs/rules.md section 9.
    """
    since = OuterRef("counted_from")
    confirmed = Confirmation.objects.filter(service=OuterRef("service"), on__gt=since)
    published = Run.objects.annotate(day=TruncDate("version__published_at", tzinfo=clock.ZONE)).filter(
        service=OuterRef("service"), day__gt=since
    )
    reminded = (
        Reminder.objects.filter(
            ~Exists(confirmed),
            ~Exists(published),
            kind=Reminder.Kind.FIRST,
            service__status=Service.Status.PUBLISHED,
            service__updaters__user=user,
            service__updaters__ends_on=None,
        )
        .select_related("service")
        .distinct()
        .order_by("counted_from", "service")
    )
    terms = terms_on(clock.today()) if reminded else None
    return [
        Stale(row.service, freshness.chain(row.counted_from, terms).outdated) for row in reminded if terms
    ]


def pauses_to_decide(user: User) -> list[Pause]:
    """Return the reasons for stopping a clock that wait for the project manager's word, the oldest first."""
    if not access.may(user, Capability.DECIDE_PAUSES):
        return []
    asked = Pause.objects.filter(accepted=None, run__state__in=OPEN).select_related(
        "run__service", "opened_by"
    )
    return [pause for pause in asked.order_by("opened_at") if pause.needs_decision]
