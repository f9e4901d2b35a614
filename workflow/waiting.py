"""What waits for a person: the runs whose next step is theirs, the most urgent first.

Source: docs/rules.md sections 4, 5 and 9: the half that is to act is its updater's, or the deputy's
while that one is away; where the half is broken, its organisations' main users'. A draft waits for
everyone who wrote into it, one of the instructions for the partner's half as well; what was returned
and submitted again also for the one who returned it.
"""

import datetime
from dataclasses import dataclass

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from orgs import access, clock
from orgs.models import User, terms_on
from orgs.roles import MAIN_USER, PROVIDER_MAIN_USER, Capability
from services.access import municipalities_written_by, services_for
from services.models import Service
from services.tracks import Track
from workflow import freshness, pairs, reminders
from workflow.models import Absence, Event, Pause, Reminder, Run, Updater
from workflow.states import OPEN, RunState

Half = Updater.Half
_SOON = 1  # days: today and tomorrow
_WEEK = 7
_FALLBACK = 0  # no person's number: whoever is a main user of the half that has nobody


def runs_of(user: User) -> "QuerySet[Run, Run]":
    """Return the open runs of what a person writes or publishes, or decides of.

    Those of instructions are for who writes them alone: never a provider's.
    """
    public = Q(track=Track.PUBLIC)
    if not access.may(user, Capability.DECIDE_PAUSES):
        written, published = (
            services_for(user, one) for one in (Capability.WRITE_PUBLIC, Capability.PUBLISH)
        )
        public &= Q(service__in=(written | published).values("pk"))
    instructed = services_for(user, Capability.WRITE_INTERNAL)
    internal = Q(track=Track.INTERNAL, service__in=instructed.values("pk"))
    own = Q(track=Track.MUNICIPAL, municipality__in=municipalities_written_by(user))
    return shown().filter(public | internal | own, state__in=OPEN)


def shown() -> "QuerySet[Run, Run]":
    """Return runs with what lists show of them."""
    current = Updater.objects.filter(ends_on=None).select_related("user")
    return Run.objects.select_related(
        "service__organiser",
        "service__responsible_partner",
        "municipality",
        "submitted_by",
        "opened_by",
        "taken_by",
    ).prefetch_related("service__producers", "pauses", Prefetch("service__updaters", current, "pair"))


def tasks_of(user: User) -> list[tuple[int, str]]:
    """Return the open runs whose next step is the person's by their numbers, the most urgent first.

    With each, which part of the list it stands in ("late", "now", "week" or "later"): by its target
    while that is to come, then by its due date.
    """
    today = clock.today()
    half = Case(When(state=RunState.WAITING, then=Value(Half.PROVIDER)), default=Value(Half.PARTNER))
    # A subquery of its own for each run: few are open, however many services have their pairs.
    able = pairs.working().filter(service=OuterRef("service"), half=OuterRef("half")).order_by()
    fallback = Case(When(_main_user_acts(user), then=Value(_FALLBACK)))
    acted_for = Q(actor__in=[*_acts_for(user), _FALLBACK])
    wrote = Exists(Run.writers.through.objects.filter(run=OuterRef("pk"), user=user))
    reviewed = ~Q(state=RunState.DRAFTING) | Q(track=Track.INTERNAL)
    returned = Event.objects.filter(run=OuterRef("pk"), kind=Event.Kind.RETURNED, actor=user)
    comes_back = Q(Exists(returned), state=RunState.IN_REVIEW)
    waits = (Q(state=RunState.DRAFTING) & wrote) | (reviewed & acted_for) | comes_back
    target_to_come = When(target_on__gte=today, then="target_on")
    in_order = (
        runs_of(user)
        .annotate(half=half)
        .annotate(actor=Coalesce(Subquery(able.values("user")[:1]), fallback, output_field=BigIntegerField()))
        .filter(waits)
        .annotate(due=Case(target_to_come, default="due_on"))
        .order_by(F("due").asc(nulls_last=True), "opened_at", "pk")
    )
    return [(run, _urgency(due, today)) for run, due in in_order.values_list("pk", "due")]


def _urgency(due: datetime.date | None, today: datetime.date) -> str:
    if due is None:
        return "later"
    left = (due - today).days
    return "late" if left < 0 else "now" if left <= _SOON else "week" if left <= _WEEK else "later"


STEPS = {RunState.DRAFTING: "finish", RunState.WAITING: "answer", RunState.IN_REVIEW: "review"}


def standing_of(user: User) -> "QuerySet[Run, Run]":
    """Return the open runs that a person sees whose clock stands still for a reason of its own."""
    stopped = Pause.objects.filter(run=OuterRef("pk"), accepted=True, until=None)
    return runs_of(user).filter(Exists(stopped))


def pair_of(service: Service) -> list[Updater]:
    """Return the updaters of today that were read along with the service."""
    found: list[Updater] = service.pair  # type: ignore[attr-defined]
    return found


def _main_user_acts(user: User) -> Q:
    """Return the condition that the person is a main user of an organisation of the half that is to act."""
    held = access.positions(user)
    organisations = {one.organisation for one in held if one.holder in (MAIN_USER, PROVIDER_MAIN_USER)}
    theirs = Q()
    for half in Half:
        theirs |= Q(pairs.has_half(half, organisations), half=half)
    return theirs


def _acts_for(user: User) -> list[int]:
    """Return the numbers of those for whom the person acts today: the person, unless away, and the absent."""
    deputies = _deputies(clock.today())
    absent = [person for person, deputy in deputies.items() if deputy == user.pk]
    return absent if user.pk in deputies else [user.pk, *absent]


def _deputies(today: datetime.date) -> dict[int, int]:
    """Return who stands in for whom today, by the person's number."""
    away = Absence.objects.filter(first_day__lte=today, last_day__gte=today, deputy__is_active=True)
    rows = away.order_by("-first_day", "-pk").values_list("user", "deputy")
    return dict(rows)


@dataclass(frozen=True)
class Stale:
    """A service that must be confirmed, and the day on which it leaves the public pages; None: it has."""

    service: Service
    outdates_on: datetime.date | None


def stale_of(user: User) -> list[Stale]:
    """Return the services of a person's pairs that are outdated, or were reminded of and not confirmed since.

    Source: docs/rules.md section 9.
    """
    today = clock.today()
    own = Updater.objects.filter(service=OuterRef("pk"), user=user, ends_on=None)
    first = Reminder.objects.filter(
        service=OuterRef("pk"), kind=Reminder.Kind.FIRST, counted_from=OuterRef("counted_from")
    )
    outdated = Service.objects.filter(Exists(own), status=Service.Status.OUTDATED).order_by("pk")
    published = Service.objects.filter(Exists(own), status=Service.Status.PUBLISHED)
    reminded = list(
        reminders.counted(published)
        .filter(Exists(first))
        .order_by("counted_from", "pk")
        .prefetch_related("reminders")
    )
    terms = terms_on(today) if reminded else None
    return [Stale(one, None) for one in outdated] + [
        Stale(one, freshness.outdated_on(base, reminders.taken(one, base), terms, today))
        for one in reminded
        if terms and (base := one.counted_from)
    ]


def pauses_to_decide(user: User) -> "QuerySet[Pause, Pause]":
    """Return the reasons for stopping a clock that wait for the project manager's word, the oldest first.

    Of runs that are closed those alone that were late: for the others it makes no difference any more.
    """
    makes_a_difference = Q(run__state__in=OPEN) | Q(run__overdue_from__isnull=False)
    asked = Pause.objects.filter(makes_a_difference, accepted=None)
    if not access.may(user, Capability.DECIDE_PAUSES):
        return asked.none()
    return asked.select_related("run__service", "opened_by").order_by("opened_at", "pk")
