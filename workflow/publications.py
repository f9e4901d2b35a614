"""What the pipeline adds to each publication of a service, in the publication's own transaction."""

from typing import Any

from orgs.actors import Actor
from orgs.models import User
from services.models import ServiceVersion
from workflow.actions.steps import open_run_of
from workflow.events import Kind, record


def on_published(*, version: ServiceVersion, by: Actor, languages: list[str], **_signal: Any) -> None:
    """Write the event, beside the run that carried it where a person published."""
    run = open_run_of(version.service) if isinstance(by, User) else None
    record(Kind.PUBLISHED, version.service, run=run, by=by, number=version.number, languages=languages)
