"""What the actions share: locking, and asking the table of steps."""

from orgs.access import NotAllowed
from orgs.models import User
from orgs.refused import NotNow
from orgs.roles import Capability
from services import access
from services.models import Service
from services.tracks import PUBLIC, Part, Track
from workflow.models import Run
from workflow.states import MOVES, OPEN, TRANSITIONS, Move, Step


def locked_service(service: Service) -> Service:
    """Lock a service, and with it everything of its pipeline; the caller holds a transaction.

    Whatever changes a run, a working copy or a lifecycle locks the service first, so that two can't
    wait for each other.
    """
    return Service.objects.select_for_update().get(pk=service.pk)


def begin(run: Run, step: Step, by: User) -> Run:
    """Lock the run and check that `by` may take `step` now; return it as it is in the database.

    Raises PermissionDenied or NotNow. The caller holds a transaction.
    """
    service = locked_service(run.service)
    fresh = Run.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=run.pk)
    fresh.service = service
    transition = TRANSITIONS[Track(fresh.track)].get(step)
    if transition is None:
        raise NotNow(fresh.get_track_display())
    if not may_take(by, transition.capability, fresh):
        raise NotAllowed(transition.capability)
    if fresh.state not in transition.sources:
        raise NotNow(fresh.get_state_display())
    if transition.target is not None:
        fresh.state = transition.target
    return fresh


def may_take(by: User, capability: Capability, run: Run) -> bool:
    """Tell whether `by` has a right to a run's part: on a municipality's own that municipality's partner."""
    if run.municipality is not None:
        return access.may_write_municipal(by, run.municipality)
    return access.may(by, capability, run.service)


def begin_move(service: Service, move: Move, by: User | None) -> Service:
    """Lock the service and check that `by` may make the move now; `by` is None for a scheduled job."""
    fresh = locked_service(service)
    rule = MOVES[move]
    if by is not None and not access.may(by, rule.capability, fresh):
        raise NotAllowed(rule.capability)
    if fresh.status not in rule.sources:
        raise NotNow(fresh.get_status_display())
    return fresh


def open_run_of(service: Service, part: Part = PUBLIC) -> Run | None:
    """Return the run that a part of the service has on its way."""
    runs = service.runs.select_related("municipality").filter(state__in=OPEN, track=part.track)
    return runs.filter(municipality__code=part.municipality).first() if part.municipality else runs.first()
