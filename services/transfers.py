"""Making a partner responsible for one or many services, on a decision, and undoing it within a day.

Source: docs/rules.md section 3 ("Responsibility") and section 11: the project manager and ICT set it.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import access, clock
from orgs.models import User
from orgs.refused import Refused
from orgs.roles import Capability
from services import publishing, responsibility, transfer_notices
from services.models import Responsibility, Service, Transfer
from services.responsibility_periods import of_day, periods
from services.transfer_effects import Givers, Plan

# Sent with `transfer`, `given` (from whom, by service) and `by`, in the transaction.
made, undone = Signal(), Signal()

MOST = 500  # services at once
PAGES_AT_ONCE = 20  # services whose public pages follow before one sees the answer; else a worker's work
UNDONE_WITHIN = datetime.timedelta(days=1)
_REACH = datetime.timedelta(days=731)


def check(plan: Plan) -> None:
    """Raise ValidationError with what is wrong in a plan."""
    if not plan.services:
        raise ValidationError(_("Choose at least one service."))
    if len(plan.services) > MOST:
        raise ValidationError(
            ngettext(
                "Choose at most %(most)s service at a time.",
                "Choose at most %(most)s services at a time.",
                MOST,
            )
            % {"most": MOST}
        )
    if abs(plan.starts_on - clock.today()) > _REACH:
        raise ValidationError({"starts_on": _("Choose a day within two years of today.")})
    responsibility.check(plan.partner, plan.basis, plan.decision)
    if not moving(plan):
        raise ValidationError(
            _("%(partner)s is responsible for these services on that day already, on the same decision.")
            % {"partner": plan.partner}
        )


def moving(plan: Plan) -> list[Service]:
    """Return those of a plan's services of which it says something else than what holds on its day."""
    held = _held(plan.numbers, plan.starts_on)
    wanted = (plan.partner.pk, plan.basis, plan.decision.strip())
    return [
        service
        for service in plan.services
        if (row := held.get(service.pk)) is None or (row.partner_id, row.basis, row.decision) != wanted
    ]


def givers(plan: Plan) -> Givers:
    """Return who is responsible for each of a plan's services on its day, as things are now."""
    held = _held(plan.numbers, plan.starts_on)
    return {number: row.partner if (row := held.get(number)) else None for number in plan.numbers}


def _held(numbers: Iterable[int], day: datetime.date) -> dict[int, Responsibility]:
    rows = Responsibility.objects.filter(service__in=numbers, starts_on__lte=day).select_related("partner")
    return {row.service_id: row for row in rows.order_by("starts_on", "pk")}


@transaction.atomic
def make(plan: Plan, *, by: User) -> Transfer:
    """Make the plan's partner responsible for its services from its day on; all of them or none.

    Raises PermissionDenied for others than those who set responsibility, ValidationError with what is
    wrong. A day to come takes effect on that day (`responsibility.follow`).
    """
    access.require(by, Capability.SET_RESPONSIBILITY)
    locked = list(Service.objects.select_for_update().filter(pk__in=plan.numbers).order_by("pk"))
    plan = Plan(locked, plan.partner, plan.basis, plan.starts_on, plan.decision.strip())
    check(plan)
    services, given = moving(plan), givers(plan)
    transfer = Transfer.objects.create(
        partner=plan.partner, basis=plan.basis, starts_on=plan.starts_on, decision=plan.decision,
        made_at=clock.now(), made_by=by,
    )  # fmt: skip
    at_once = len(services) <= PAGES_AT_ONCE
    for service in services:
        responsibility.add(
            service, plan.partner, basis=plan.basis, starts_on=plan.starts_on, decision=plan.decision, by=by,
            transfer=transfer, pages=at_once,
        )  # fmt: skip
    if not at_once:
        publishing.refresh_later(service.pk for service in services)
    kept = {service.pk for service in services}
    given = {key: one for key, one in given.items() if key in kept}
    transfer_notices.told("responsibility_moved", transfer, given, by=by)
    made.send(Transfer, transfer=transfer, given=given, by=by)
    return transfer


def may_be_undone(transfer: Transfer) -> bool:
    """Tell whether a transfer may still be undone: within a day, and once."""
    return transfer.undone_at is None and clock.now() - transfer.made_at < UNDONE_WITHIN


def before(row: Responsibility) -> Responsibility | None:
    """Return what held on the first day of a transfer's row before it was written; None for nothing."""
    rows = [one for one in row.service.responsibilities.all() if one.pk < row.pk]
    found = of_day(periods(rows), row.starts_on)
    return found.row if found else None


def of_transfer(transfer: Transfer) -> list[Responsibility]:
    """Return a transfer's rows with their services and everything ever said of those."""
    rows = transfer.rows.select_related("service").prefetch_related("service__responsibilities__partner")
    return list(rows.order_by("service__pk"))


@transaction.atomic
def undo(transfer: Transfer, *, by: User) -> None:
    """Let hold again what held before; refused as a whole where something was decided since.

    Raises PermissionDenied, and Refused with what to do instead.
    """
    access.require(by, Capability.SET_RESPONSIBILITY)
    numbers = transfer.rows.values_list("service", flat=True)
    locked = Service.objects.select_for_update().filter(pk__in=list(numbers)).order_by("pk")
    services = {one.pk: one for one in locked}
    fresh = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if not may_be_undone(fresh):
        raise Refused(_("A transfer can be undone within a day. Make another one in its place."))
    rows = of_transfer(fresh)
    given: Givers = {}
    at_once = len(rows) <= PAGES_AT_ONCE
    for row in rows:
        earlier = before(row)
        newer = any(one.pk > row.pk for one in row.service.responsibilities.all())
        if newer or earlier is None:
            raise Refused(_("Something else has been decided since. Make another transfer in its place."))
        given[row.service_id] = earlier.partner
        responsibility.add(
            services[row.service_id], earlier.partner, basis=earlier.basis, starts_on=row.starts_on,
            decision=earlier.decision, by=by, pages=at_once,
        )  # fmt: skip
    if not at_once:
        publishing.refresh_later(services)
    fresh.undone_at, fresh.undone_by = clock.now(), by
    fresh.save()
    transfer_notices.told("responsibility_kept", fresh, given, by=by)
    undone.send(Transfer, transfer=fresh, given=given, by=by)
