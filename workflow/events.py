"""Writing events. Every action and every sweep ends here."""

import datetime
from typing import Any

from orgs import clock
from orgs.actors import Actor, System, person_and_system
from services.models import Service
from workflow.models import Event, Run

Kind = Event.Kind


def record(
    kind: Event.Kind,
    service: Service,
    *,
    by: Actor | None,
    run: Run | None = None,
    day: datetime.date | None = None,
    **detail: Any,
) -> Event:
    """Write what happened, in the transaction of what it tells of.

    `by` is None for what the agreement's own dates did; `day` is when it took effect, today unless
    a sweep did it late. `detail` holds plain values, never internal content.
    """
    actor, actor_as = person_and_system(by or System.SCHEDULE)
    return Event.objects.create(
        service=service,
        run=run,
        kind=kind,
        at=clock.now(),
        day=day or clock.today(),
        actor=actor,
        actor_as=actor_as,
        detail=detail,
    )
