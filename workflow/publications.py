"""What the pipeline adds to each publication of a service, in the publication's own transaction."""

from collections.abc import Collection
from typing import Any

from orgs.actors import Actor
from orgs.models import User
from services.models import ServiceVersion
from services.tracks import PUBLIC, Part
from workflow.actions.steps import open_run_of
from workflow.events import Kind, record


def on_published(
    *, version: ServiceVersion, by: Actor, languages: list[str], parts: Collection[Part], **_signal: Any
) -> None:
    """Write the event, beside the run that carried it where a person published."""
    part = PUBLIC if PUBLIC in parts else min(parts)
    run = open_run_of(version.service, part) if isinstance(by, User) else None
    if part.municipality:
        code = part.municipality
        record(Kind.MUNICIPAL_PUBLISHED, version.service, run=run, by=by, municipality=code)
    else:
        record(Kind.PUBLISHED, version.service, run=run, by=by, number=version.number, languages=languages)
