"""What a move of responsibility means for pairs, reviews and the history of services."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from orgs import clock, dates
from orgs.models import User
from orgs.roles import Capability
from orgs.terms_effects import Effect
from services import access, transfer_notices
from services.models import Service, Transfer
from services.transfer_effects import Givers, Plan
from workflow import pairs
from workflow.events import Kind, record
from workflow.models import Run, Updater
from workflow.states import CLOCKED, RunState

_PARTNER = Updater.Half.PARTNER
# Who is no updater any more today was one until yesterday.
_DAY = datetime.timedelta(days=1)


def on_followed(service: Service, **_signal: Any) -> None:
    """End the half of a partner that is not responsible any more, and free what its people had taken.

    The earlier partner's updater is none of the new one's: its half is empty until it names somebody.
    """
    updater = pairs.current(service, _PARTNER)
    if updater is not None and updater.organisation not in pairs.organisations_of_half(service, _PARTNER):
        updater.end(clock.today())
    for run in service.runs.filter(taken_by__isnull=False, state=RunState.IN_REVIEW).select_related(
        "taken_by"
    ):
        assert run.taken_by is not None
        if not access.may(run.taken_by, Capability.PUBLISH, service):
            run.taken_by = run.taken_at = None
            run.save()
            record(Kind.GIVEN_BACK, service, run=run, by=None)


def on_made(transfer: Transfer, given: Givers, by: User, **_signal: Any) -> None:
    """Write the move into the history of each service, and tell those who keep it for the earlier partner."""
    for service in Service.objects.filter(pk__in=given):
        record(
            Kind.MOVED, service, by=by, partner=transfer.partner.external_id, decision=transfer.decision,
            first=transfer.starts_on.isoformat(),
        )  # fmt: skip
    _tell_updaters("responsibility_moved", transfer, given, by)


def on_undone(transfer: Transfer, given: Givers, by: User, **_signal: Any) -> None:
    """Write into the history that the move was undone, bring the pair back, and tell those who were told."""
    for service in Service.objects.filter(pk__in=given):
        _bring_back(service, clock.day_of(transfer.made_at))
        record(Kind.MOVE_UNDONE, service, by=by)
    _tell_updaters("responsibility_kept", transfer, given, by)


def _bring_back(service: Service, since: datetime.date) -> None:
    """Make whoever lost the partner's half since a day that half again, while nobody else has it."""
    lost = Updater.objects.filter(service=service, half=_PARTNER, ends_on__gte=since - _DAY).order_by(
        "-ends_on", "-pk"
    )
    if (row := lost.select_related("user").first()) is not None:
        pairs.begin(service, _PARTNER, row.user)


def _tell_updaters(kind: str, transfer: Transfer, given: Givers, by: User) -> None:
    """Tell the updaters of the earlier partners' halves; main users have been told as such."""
    held: dict[User, list[int]] = {}
    told = {notice.recipient_id for notice in transfer_notices.of(kind, transfer)}
    for row in _updaters(list(given), transfer.partner_id).exclude(user__in=told).select_related("user"):
        held.setdefault(row.user, []).append(row.service_id)
    for person, numbers in held.items():
        transfer_notices.tell(kind, transfer, [person], numbers, by=by, takes=False)


def _updaters(numbers: list[int], partner: int) -> "QuerySet[Updater, Updater]":
    """Return the updaters of the partner's half who are of another partner, also those who ended today."""
    rows = Updater.objects.filter(service__in=numbers, half=_PARTNER).exclude(organisation=partner)
    return rows.exclude(ends_on__lt=clock.today() - _DAY)


def effects(plan: Plan) -> Iterator[Effect]:
    """Tell of reviews that the new partner takes over, and of halves that become empty."""
    day = {"day": dates.date(max(plan.starts_on, clock.today()))}
    runs = Run.objects.filter(service__in=plan.numbers, state__in=CLOCKED)
    if count := runs.exclude(service__responsible_partner=plan.partner).count():
        text = ngettext(
            "%(count)s publication is on its way: %(partner)s reviews it from %(day)s on. Its dates stay.",
            "%(count)s publications are on their way: %(partner)s reviews them from %(day)s on. "
            "Their dates stay.",
            count,
        )
        yield Effect(text % ({"count": count, "partner": plan.partner} | day), touched=True)
    if count := _updaters(plan.numbers, plan.partner.pk).filter(ends_on=None).count():
        text = ngettext(
            "%(count)s service loses its partner's updater on %(day)s; %(partner)s names another.",
            "%(count)s services lose their partner's updaters on %(day)s; %(partner)s names others.",
            count,
        )
        yield Effect(text % ({"count": count, "partner": plan.partner} | day), touched=True)
    late = runs.filter(overdue_from__lt=plan.starts_on)
    if count := late.count():
        yield Effect(_late(count, plan.starts_on), touched=False)


def _late(count: int, day: datetime.date) -> str:
    text = ngettext(
        "%(count)s publication was late before %(day)s: the delay stays the earlier partner's.",
        "%(count)s publications were late before %(day)s: the delays stay the earlier partners'.",
        count,
    )
    return text % {"count": count, "day": dates.date(day)}
