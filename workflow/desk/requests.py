"""What a reviewer asked the provider for, and what was answered."""

import datetime
from dataclasses import dataclass

from services.models import Service
from workflow.actions.steps import open_run_of
from workflow.models import Event, Run
from workflow.states import RunState

_KINDS = (Event.Kind.RETURNED, Event.Kind.RESUBMITTED)


@dataclass(frozen=True)
class Request:
    """A return: who asked for what and when, and the reply that came with the answer."""

    reason: str
    by: str
    at: datetime.datetime
    waits: bool
    reply: str = ""
    answered_by: str = ""


def request_of_run(run: Run) -> Request | None:
    """Return the newest request of an open run; None where nothing was asked for."""
    events = list(run.events.filter(kind__in=_KINDS).select_related("actor").order_by("-pk")[:2])
    asked = next((event for event in events if event.kind == Event.Kind.RETURNED), None)
    if asked is None:
        return None
    answer = events[0] if events[0] is not asked else None
    return Request(
        str(asked.detail.get("reason", "")),
        _name(asked),
        asked.at,
        run.state == RunState.WAITING,
        str(answer.detail.get("reply", "")) if answer else "",
        _name(answer) if answer else "",
    )


def request_of(service: Service) -> Request | None:
    """Return what the provider is waited for; None where it is not."""
    run = open_run_of(service)
    return request_of_run(run) if run and run.state == RunState.WAITING else None


def _name(event: Event) -> str:
    return event.actor.get_full_name() if event.actor else str(event.get_actor_as_display())
