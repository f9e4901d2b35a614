"""A service's life outside of its runs: still valid, outdated, archived, restored (docs/rules.md, 9)."""

from django.db import transaction

from orgs import clock
from orgs.access import NotAllowed
from orgs.models import Notice, User
from orgs.refused import NotNow
from orgs.roles import Capability
from services import access, publishing
from services.models import Service
from services.tracks import INTERNAL, PUBLIC
from workflow import telling
from workflow.actions.steps import begin_move, open_run_of
from workflow.events import Kind, record
from workflow.models import Confirmation
from workflow.states import Move


@transaction.atomic
def confirm_valid(service: Service, *, by: User) -> Confirmation:
    """Record that a service is still valid; its time is counted from today again.

    An outdated one is back on the public pages at once, and both halves are told. What somebody took off
    the pages on purpose is brought back by those alone who may do that. Source: docs/rules.md section 9.
    """
    service = begin_move(service, Move.CONFIRM, by)
    made = Confirmation.objects.create(service=service, on=clock.today(), by=by)
    if service.status != Service.Status.OUTDATED:
        record(Kind.CONFIRMED, service, by=by)
        return made
    if was_taken_off(service) and not access.may(by, Capability.OUTDATE, service):
        raise NotAllowed(Capability.OUTDATE)
    publishing.bring_back(service)
    record(Kind.CONFIRMED_BACK, service, by=by)
    telling.brought_back(service, by=by)
    return made


def was_taken_off(service: Service) -> bool:
    """Tell whether an outdated service was taken off the public pages by a person, not by its time."""
    event = service.events.filter(kind=Kind.OUTDATED).first()
    return event is not None and event.actor_id is not None


@transaction.atomic
def outdate(service: Service, *, by: User | None) -> list[Notice]:
    """Take a service off the public pages and tell both halves; return the notices.

    `by` is None for a scheduled job.
    """
    service = begin_move(service, Move.OUTDATE, by)
    service.status = Service.Status.OUTDATED
    service.save(update_fields=["status"])
    publishing.unpublish(service)
    record(Kind.OUTDATED, service, by=by)
    return telling.outdated(service, by=by)


@transaction.atomic
def archive(service: Service, *, by: User | None) -> list[Notice]:
    """Put a service into the archive; its open run, if any, must be withdrawn or published first.

    Returns the notices: people are told where nobody of them did it.
    """
    service = begin_move(service, Move.ARCHIVE, by)
    for run in filter(None, (open_run_of(service, part) for part in (PUBLIC, INTERNAL))):
        raise NotNow(run.get_state_display())
    service.status = Service.Status.ARCHIVED
    service.save(update_fields=["status"])
    publishing.unpublish(service)
    record(Kind.ARCHIVED, service, by=by)
    return telling.archived(service) if by is None else []


@transaction.atomic
def restore(service: Service, *, by: User) -> Service:
    """Bring a service back from the archive: outdated until a run publishes it again."""
    service = begin_move(service, Move.RESTORE, by)
    was_published = service.first_published_at is not None
    service.status = Service.Status.OUTDATED if was_published else Service.Status.UNPUBLISHED
    service.save(update_fields=["status"])
    record(Kind.RESTORED, service, by=by)
    return service
