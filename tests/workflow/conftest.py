"""A service in the middle of its pipeline, and the people around it."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from orgs import clock
from orgs.models import Organisation, User
from services import working_copy
from services.documents import text
from services.fields import Audience
from services.models import Service, Term
from services.tracks import Track
from tests import factories
from tests.clients import Client
from tests.workflow.desk_forms import full
from workflow import editing, review
from workflow.actions import reviewing, runs
from workflow.models import Run, Updater

SUMMARY = text(Audience.PUBLIC, "fi", "summary")
GUIDANCE = text(Audience.INTERNAL, "fi", "guidance")


def at(external_id: str, role: str) -> User:
    """Return a person who has had a role in an organisation for long."""
    organisation = Organisation.objects.get(external_id=external_id)
    user = factories.member(organisation.kind, role, organisation)
    membership = user.memberships.get()
    membership.starts_on -= datetime.timedelta(days=365)
    membership.save()
    return user


@dataclass
class Pipeline:
    """A service of Kielisilta, for which Espoo is responsible, and its pair."""

    service: Service
    provider: User
    partner: User

    def write(self, value: str = "Puhut suomea torstaisin.", *, by: User | None = None) -> Run:
        """Change the summary and return the run that carries it."""
        writer = by or self.provider
        editing.save(self.service, {SUMMARY: value}, by=writer, base=self.revision)
        return self.run

    @property
    def run(self) -> Run:
        """Return the newest run of the public track, as it is in the database."""
        return self._newest(Track.PUBLIC)

    @property
    def instructions(self) -> Run:
        """Return the newest run of the instructions."""
        return self._newest(Track.INTERNAL)

    def _newest(self, track: Track) -> Run:
        return Run.objects.filter(service=self.service, track=track).latest("pk")

    def instruct(self, value: str = "<p>Ohjaa torstain ryhmään.</p>", *, by: User | None = None) -> Run:
        """Change the guidance and return the run that carries it."""
        editing.save(self.service, {GUIDANCE: value}, by=by or self.partner, base=self.revision)
        return self.instructions

    def submit(self) -> Run:
        """Change the summary and submit it."""
        return runs.submit(self.write(), by=self.provider)

    def confirm(self) -> None:
        """Confirm every internal section of the open run."""
        groups, revision = review.INTERNAL_GROUPS, self.revision
        reviewing.confirm_sections(self.run, groups, by=self.partner, revision=revision)

    def publish(self) -> None:
        """Confirm and publish the open run."""
        self.confirm()
        reviewing.publish(self.run, by=self.partner, revision=self.revision)

    @property
    def revision(self) -> int:
        """Return the number of the working copy's newest revision."""
        return working_copy.revision_of(self.service)

    @property
    def fresh(self) -> Service:
        """Return the service as it is in the database."""
        return Service.objects.get(pk=self.service.pk)


def pipeline_of(service: Service) -> Pipeline:
    """Return the service with a new pair, named a while ago."""
    provider, partner = at("kielisilta", "producer"), at("espoo", "producer")
    since = clock.today() - datetime.timedelta(days=30)
    for half, user in ((Updater.Half.PROVIDER, provider), (Updater.Half.PARTNER, partner)):
        organisation = user.memberships.get().organisation
        Updater.objects.create(
            service=service, half=half, user=user, organisation=organisation, starts_on=since
        )
    return Pipeline(service, provider, partner)


@pytest.fixture
def pipeline(vocabulary: dict[tuple[str, str], Term]) -> Pipeline:
    """Return a published service with its pair, under the agreement."""
    factories.agreement()
    return pipeline_of(factories.published().service)


@pytest.fixture
def new_pipeline(vocabulary: dict[tuple[str, str], Term]) -> Pipeline:
    """Return a service that was never published, with its pair."""
    factories.agreement()
    return pipeline_of(factories.service())


def on(day: str, hour: int = 9) -> Any:
    """Stand at an hour of a day in Helsinki."""
    moment = datetime.datetime.fromisoformat(f"{day}T{hour:02}:00")
    return time_machine.travel(moment.replace(tzinfo=clock.ZONE), tick=False)


@pytest.fixture
def whole(vocabulary: dict[tuple[str, str], Term]) -> Service:
    factories.agreement()
    project = factories.OrganisationFactory(external_id="projekti", kind="project")
    factories.member("project", "ict_specialist", project)
    return factories.publish(factories.service(content=full()), "fi").service


@pytest.fixture
def writer(whole: Service, client: Client) -> Client:
    """ICT, who writes every field."""
    client.force_login(User.objects.get(memberships__role="ict_specialist"))
    return client
