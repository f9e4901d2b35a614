"""New services: who makes them for whom, and who answers for them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from orgs.models import Organisation, User
from services import responsibility, working_copy
from services.changes import BadChanges
from services.models import Responsibility, Service
from tests import factories
from tests.workflow.conftest import SUMMARY, at
from workflow import editing
from workflow.actions import creating
from workflow.models import Run

pytestmark = pytest.mark.usefixtures("vocabulary")


def organisation(external_id: str) -> Organisation:
    return Organisation.objects.get(external_id=external_id)


def create(own: str, by: User, **more: Any) -> Run:
    values: dict[str, Any] = {"names": {"fi": "Työpaja nuorille"}, "partner": organisation("espoo")}
    return creating.create(organisation(own), by=by, **values | more)


def test_a_provider_makes_a_draft_of_its_own_and_proposes_who_answers_for_it() -> None:
    writer = at("kielisilta", "producer")
    run = create("kielisilta", writer, names={"fi": "Työpaja nuorille", "sv": "Verkstad för unga"})
    service = Service.objects.get()
    assert (service.slug, service.status, run.kind, run.state) == (
        "tyopaja-nuorille", "unpublished", "new", "drafting",
    )  # fmt: skip
    assert service.names == {"fi": "Työpaja nuorille", "sv": "Verkstad för unga"}
    assert [one.external_id for one in service.producers.all()] == ["kielisilta"]
    assert Responsibility.objects.get().is_proposal
    assert not editing.save(service, {SUMMARY: "Teet käsilläsi."}, by=writer, base=1).conflicts
    responsibility.accept(service, basis="regional", decision="Alueemme palvelu", by=at("espoo", "producer"))


def test_a_partner_answers_for_what_it_makes_itself() -> None:
    writer = at("espoo", "main_user")
    create("espoo", writer, basis="regional", decision="Alueemme palvelu")
    assert not Responsibility.objects.get().is_proposal
    with pytest.raises(ValidationError):
        create("espoo", writer)
    with pytest.raises(ValidationError):
        create("espoo", writer, partner=factories.OrganisationFactory(kind="partner"), basis="regional",
               decision="x")  # fmt: skip
    assert Service.objects.count() == 1, "nothing is left of what was refused"


def test_ict_makes_services_for_anyone_and_says_who_answers() -> None:
    factories.OrganisationFactory(external_id="projekti", kind="project")
    ict = at("projekti", "ict_specialist")
    create("kielisilta", ict, basis="national", decision="Työryhmä 12.11.2026")
    assert Responsibility.objects.get().basis == "national"
    with pytest.raises(PermissionDenied):
        create("projekti", ict, basis="national", decision="x")


@pytest.mark.parametrize(
    ("where", "role", "own"),
    [("espoo", "expert", "espoo"), ("espoo", "producer", "kielisilta"), ("kielisilta", "producer", "espoo")],
)
def test_no_one_makes_services_of_others(where: str, role: str, own: str) -> None:
    with pytest.raises(PermissionDenied):
        create(own, at(where, role), basis="regional", decision="x")
    assert not Service.objects.exists()


def test_a_provider_proposes_a_partner_that_it_works_with() -> None:
    stranger = factories.OrganisationFactory(kind="partner")
    with pytest.raises(ValidationError):
        create("kielisilta", at("kielisilta", "producer"), partner=stranger)
    assert not Service.objects.exists()


def test_equal_names_get_addresses_of_their_own_that_stay() -> None:
    writer = at("kielisilta", "producer")
    for _number in range(3):
        create("kielisilta", writer)
    create("kielisilta", writer, names={"fi": "!!!"})
    assert set(Service.objects.values_list("slug", flat=True)) == {
        "tyopaja-nuorille", "tyopaja-nuorille-2", "tyopaja-nuorille-3", "palvelu",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "error"),
    [({"fi": " "}, ValidationError), ({"sv": "Verkstad"}, ValidationError), ({"fi": "x" * 121}, BadChanges)],
)
def test_a_name_is_there_in_finnish_and_not_too_long(names: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        create("kielisilta", at("kielisilta", "producer"), names=names)
    assert not Service.objects.exists()


def test_what_is_said_first_is_the_first_revision() -> None:
    create("kielisilta", at("kielisilta", "producer"))
    assert working_copy.revision_of(Service.objects.get()) == 1
