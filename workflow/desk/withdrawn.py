"""What was withdrawn within a day, with the button that takes it back."""

from collections.abc import Iterable

from orgs.models import User
from services.models import Service
from services.tracks import Part, Track
from workflow.actions import bringing_back
from workflow.actions.steps import may_take
from workflow.desk.writers_steps import BringBackForm


def lately(user: User, service: Service, parts: Iterable[Part]) -> list[BringBackForm]:
    """Return a form for each withdrawn run of these parts that the person wrote or withdrew.

    To others who may write the service it would only stand in the way.
    """
    wanted = set(parts)
    runs = [run for run in bringing_back.withdrawn_of(service) if run.part in wanted]
    for run in runs:
        run.service = service
    return [
        BringBackForm(run, user)
        for run in runs
        if may_take(user, BringBackForm.capability(Track(run.track)), run)
        and (run.closed_by == user or user in run.writers.all())
    ]
