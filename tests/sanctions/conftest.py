"""A partner whose run is late, and the people who see and decide its case."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest

from orgs.models import Organisation, User
from orgs.roles import Body, SeatKind
from sanctions.actions.deciding import Discussion
from sanctions.models import Case
from services.models import Term
from tests import factories
from tests.workflow.conftest import Pipeline, at, on, pipeline_of
from workflow.sweep import sweep

D = datetime.date.fromisoformat


@dataclass
class Office:
    """A run of Espoo's that goes overdue, the project manager, and Espoo's people."""

    pipeline: Pipeline
    manager: User
    main_user: User
    steering: User

    @property
    def espoo(self) -> Organisation:
        """Return the partner."""
        return Organisation.objects.get(external_id="espoo")

    @property
    def case(self) -> Case:
        """Return the newest case, as it is in the database."""
        return Case.objects.latest("pk")


def discussed(day: str) -> dict[str, Any]:
    """Return what is told of a discussion, for `deciding.give`."""
    return {"discussion": Discussion(D(day), "Aino Neuvonen, pääkäyttäjä"), "text": "Siirto pidetään pian."}


def office_of(pipeline: Pipeline) -> Office:
    """Return the people around a pipeline's case."""
    project = factories.OrganisationFactory(kind="project", external_id="hanke", name={"fi": "Hanke"})
    manager = factories.member("project", "project_manager", project, full_name="Marja Mallinen")
    main_user = at("espoo", "main_user")
    steering = at("espoo", "expert")
    factories.seat(steering, Body.STEERING_GROUP, SeatKind.MEMBER)
    return Office(pipeline, manager, main_user, steering)


@pytest.fixture
def office(vocabulary: dict[tuple[str, str], Term]) -> Office:
    """Return the office on a day early in the agreement's time, before anything is submitted."""
    with on("2026-01-07"):
        factories.agreement()
        return office_of(pipeline_of(factories.published().service))


@pytest.fixture
def late(office: Office) -> Office:
    """Return the office with a run submitted on 7 January 2026: due on the 21st, a breach from the 22nd."""
    with on("2026-01-07"):
        office.pipeline.submit()
    with on("2026-01-22"):
        sweep()
    return office


__all__ = ["D", "Office", "at", "on", "sweep"]
