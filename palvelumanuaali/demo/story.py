"""A story of the demo: a run of one service, acted by its pair through the very actions of the desk."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgs import clock
from orgs.models import User
from services import working_copy
from services.documents import text
from services.fields import Audience
from services.models import Service
from services.shape import Path
from services.tracks import Track
from workflow import editing, pairs, review
from workflow.actions import pauses, reviewing, runs
from workflow.models import Pause, Run, Updater

Changes = Mapping[Path, Any]
_LONG_AGO = 110  # days


def words(**texts: str) -> Changes:
    """Return changes of public texts in Finnish."""
    return {text(Audience.PUBLIC, "fi", name): words for name, words in texts.items()}


def swedish(**texts: str) -> Changes:
    """Return changes of public texts in Swedish."""
    return {text(Audience.PUBLIC, "sv", name): words for name, words in texts.items()}


def instructions(**texts: str) -> Changes:
    """Return changes of the common instructions in Finnish."""
    return {text(Audience.INTERNAL, "fi", name): words for name, words in texts.items()}


@dataclass
class Story:
    """A run of one service, and the two who work on it."""

    service: Service
    provider: User
    partner: User

    @property
    def run(self) -> Run:
        """Return the service's newest run of the public track as it is now."""
        return Run.objects.filter(service=self.service, track=Track.PUBLIC).latest("pk")

    def write(self, days_ago: int, changes: Changes, *, by: User | None = None) -> None:
        """Write a draft."""
        with ago(days_ago):
            base = working_copy.revision_of(self.service)
            editing.save(self.service, changes, by=by or self.provider, base=base)

    def submit(self, days_ago: int) -> None:
        """Submit it, the first time or again."""
        with ago(days_ago):
            runs.submit(self.run, by=self.provider)

    def send_back(self, days_ago: int, reason: str) -> None:
        """Return it to the provider."""
        with ago(days_ago):
            runs.return_to_provider(self.run, by=self.partner, reason=reason)

    def pause(self, days_ago: int, reason: Pause.Reason, why: str) -> None:
        """Stop the clock."""
        with ago(days_ago):
            pauses.pause(self.run, by=self.partner, reason=reason, text=why)

    def publish(self, days_ago: int) -> None:
        """Confirm the internal sections and publish."""
        with ago(days_ago):
            revision = working_copy.revision_of(self.service)
            reviewing.confirm_sections(self.run, review.INTERNAL_GROUPS, by=self.partner, revision=revision)
            reviewing.publish(self.run, by=self.partner, revision=revision)


def ago(days: int) -> Any:
    """Act as on the day that many days ago."""
    return clock.as_of(clock.today() - datetime.timedelta(days=days))


def story_of(external_id: str, provider: str = "", partner: str = "") -> Story:
    """Return a service with its pair; named people become its updaters, long ago."""
    service = Service.objects.get(external_id=external_id)
    manager = User.objects.get(email="projektipaallikko@projekti.example")
    for half, email in ((Updater.Half.PROVIDER, provider), (Updater.Half.PARTNER, partner)):
        if email:
            with ago(_LONG_AGO):
                pairs.name_updater(service, half, User.objects.get(email=email), by=manager)
    both = [pairs.current(service, half) for half in (Updater.Half.PROVIDER, Updater.Half.PARTNER)]
    assert both[0] is not None
    assert both[1] is not None
    return Story(service, both[0].user, both[1].user)
