"""A new service through the interface: the desk's own action, and never twice for one key."""

import datetime
import json
from typing import Any

import pytest
import time_machine

from orgs.models import Organisation, User
from services import working_copy
from services.models import Service
from services.uuids import uuid_of
from tests import factories
from tests.clients import Client
from tests.moment import NOW
from tests.security.cast import Cast
from tests.security.matrix import CREATES, SIGNED_IN
from tests.workflow.test_api_writing import KIND, Writer, faults, said
from workflow.actions import creating
from workflow.models import CreatedOnce, Run
from workflow.states import RunState

ESPOO = {"data": {"type": "group--organisation", "id": str(uuid_of("group--organisation", "espoo"))}}
KIELISILTA = {
    "data": {"type": "group--organisation", "id": str(uuid_of("group--organisation", "kielisilta"))}
}
OWN = {"basis": "regional", "decision": "Johtaja 3/2026"}


@pytest.fixture
def espoo(vocabulary: object) -> Organisation:
    factories.agreement()
    return Organisation.objects.get(external_id="espoo")


@pytest.fixture
def producer(espoo: Organisation) -> User:
    return factories.member("partner", "producer", espoo)


@pytest.fixture
def provider(espoo: Organisation) -> User:
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    kielisilta.partners.add(espoo)
    return factories.member("provider", "producer", kielisilta)


def post(user: User, language: str = "fi", key: str | None = None, **data: Any) -> Any:
    writer = Writer(user)
    headers = writer.headers | ({"idempotency-key": key} if key is not None else {})
    return writer.client.post(
        f"/{language}/jsonapi/node/service",
        json.dumps({"data": {"type": KIND, **data}}),
        content_type="application/vnd.api+json",
        headers=headers,
    )


def test_a_provider_makes_a_service_and_submits_it_later(provider: User, espoo: Organisation) -> None:
    need = {"type": "taxonomy_term--need", "id": str(uuid_of("taxonomy_term--need", "job_search"))}
    answer = post(
        provider,
        attributes={"title": "Kielikerho", "field_summary": "Puhu suomea."},
        relationships={"field_needs": {"data": [need]}},
    )
    one = said(answer, 201)["data"]
    service = Service.objects.get(uuid=one["id"])
    assert answer.headers["Location"].endswith(f"/fi/jsonapi/node/service/{service.uuid}")
    assert (service.external_id, service.status) == ("kielikerho", "unpublished")
    public = working_copy.read(service)["public"]
    assert (public["organiser"], public["producers"]) == ("kielisilta", ["kielisilta"])
    assert (public["needs"], public["texts"]["fi"]["summary"]) == (["job_search"], "Puhu suomea.")
    assert Run.objects.get(service=service).state == RunState.DRAFTING
    assert one["attributes"]["moderation_state"] == "draft"
    writer = Writer(provider)
    writer.tag = answer.headers["ETag"]
    changed = writer.patch(number=one["id"], attributes={"title": "Puhekerho"})
    assert said(changed)["data"]["attributes"]["title"] == "Puhekerho"


def test_a_partner_answers_for_its_own_on_a_decision(producer: User, espoo: Organisation) -> None:
    lacking = post(producer, attributes={"title": "Uraohjaus"})
    assert set(faults(lacking)) <= {"/data/meta/basis", "/data/meta/decision"}
    assert not Service.objects.exists()
    one = said(post(producer, attributes={"title": "Uraohjaus"}, meta=OWN), 201)["data"]
    assert Service.objects.get(uuid=one["id"]).responsible_partner == espoo
    assert one["relationships"]["field_responsible_partner"] == ESPOO


def test_who_makes_services_for_several_names_the_parties(espoo: Organisation) -> None:
    ict = factories.member("project", "ict_specialist")
    places = ("field_organiser", "field_responsible_partner")
    assert set(faults(post(ict, attributes={"title": "Uusi"}))) == {"/data/relationships/field_organiser"}
    parties = {"field_organiser": KIELISILTA, "field_responsible_partner": ESPOO}
    answer = post(ict, attributes={"title": "Uusi"}, relationships=parties, meta=OWN)
    one = said(answer, 201)["data"]["relationships"]
    assert [one[name] for name in places] == [KIELISILTA, ESPOO]


def test_through_the_interface_each_makes_what_each_makes_at_the_desk(everyone: Cast) -> None:
    parties = {"field_organiser": KIELISILTA, "field_responsible_partner": ESPOO}
    for who in sorted(SIGNED_IN):
        user = everyone.people[who]
        answer = post(user, attributes={"title": f"Uusi {who}"}, relationships=parties, meta=OWN)
        may = "kielisilta" in {one.external_id for one in creating.creators(user)}
        assert answer.status_code == (201 if may else 403), (who, answer.content)
        assert may <= (who in CREATES)
    assert Client().post("/fi/jsonapi/node/service").status_code == 401


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "/data/attributes/title"),
        ({"attributes": {"title": "  "}}, "/data/attributes/title"),
        ({"attributes": {"title": 7}}, "/data/attributes/title"),
        ({"attributes": {"title": "x" * 121}}, "/data/attributes/title"),
        ({"attributes": []}, "/data/attributes"),
        ({"meta": 7, "attributes": {"title": "x"}}, "/data/meta"),
        ({"id": str(uuid_of(KIND, "x")), "attributes": {"title": "x"}}, "/data/id"),
        ({"attributes": {"title": "x", "field_oops": 1}}, "/data/attributes/field_oops"),
        ({"attributes": {"title": "x", "field_age_min": -1}}, "/data/attributes/field_age_min"),
        (
            {"attributes": {"title": "x"}, "relationships": {"field_organiser": {"data": []}}},
            "/data/relationships/field_organiser",
        ),
        (
            {
                "attributes": {"title": "x"},
                "relationships": {
                    "field_responsible_partner": {"data": {"type": "group--organisation", "id": "x"}}
                },
            },
            "/data/relationships/field_responsible_partner/data/id",
        ),
        (
            {"attributes": {"title": "x"}, "relationships": {"field_responsible_partner": KIELISILTA}},
            "/data/relationships/field_responsible_partner",
        ),
        ({"attributes": {"title": "x", "moderation_state": "in_review"}}, "/data/attributes/field_summary"),
    ],
)
def test_nothing_is_made_of_what_is_wrong(provider: User, data: dict[str, Any], where: str) -> None:
    assert where in faults(post(provider, **data))
    assert not Service.objects.exists()


def test_the_name_is_given_in_finnish_first(provider: User) -> None:
    assert set(faults(post(provider, "sv", attributes={"title": "Språkklubb"}))) == {"/data/attributes/title"}


# Not twice


def test_a_key_makes_one_service_however_often_it_is_sent(provider: User) -> None:
    first = said(post(provider, key="tilaus-1", attributes={"title": "Kerho"}), 201)["data"]
    again = post(provider, key="tilaus-1", attributes={"title": "Kerho"})
    assert said(again, 201)["data"] == first
    assert again.headers["Location"].endswith(first["id"])
    assert Service.objects.count() == 1
    said(post(provider, key="tilaus-1", attributes={"title": "Toinen"}), 409)
    assert (
        said(post(provider, key="tilaus-2", attributes={"title": "Kerho"}), 201)["data"]["id"] != first["id"]
    )
    other = factories.member("provider", "producer", Organisation.objects.get(external_id="kielisilta"))
    assert said(post(other, key="tilaus-1", attributes={"title": "Kerho"}), 201)["data"]["id"] != first["id"]
    assert Service.objects.count() == 3


def test_a_key_of_what_was_refused_is_free(provider: User) -> None:
    faults(post(provider, key="a", attributes={"title": ""}))
    said(post(provider, key="a", attributes={"title": "Kerho"}), 201)


@pytest.mark.parametrize("key", ["", "ä", "a b", "x" * 101])
def test_what_is_no_key_is_refused(provider: User, key: str) -> None:
    said(post(provider, key=key, attributes={"title": "Kerho"}), 400)


def test_keys_are_kept_for_a_week(provider: User) -> None:
    post(provider, key="a", attributes={"title": "Kerho"})
    with time_machine.travel(NOW + datetime.timedelta(days=8), tick=False):
        post(provider, key="b", attributes={"title": "Kerho"})
    assert list(CreatedOnce.objects.values_list("key", flat=True)) == ["b"]


def test_no_one_makes_services_for_others(espoo: Organisation) -> None:
    expert = factories.member("partner", "expert", espoo)
    said(post(expert, attributes={"title": "x"}), 403)
