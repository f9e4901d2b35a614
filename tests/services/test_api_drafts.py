"""With a token or a session: instructions, working copies and versions, for those who may read them."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from orgs import tokens
from orgs.access import reads_internal
from orgs.models import LogEntry, User
from services import working_copy
from services.access import reads_drafts, reads_internal_drafts
from services.api.types import INTERNAL, INTERNAL_SERVICE, MUNICIPAL, POINTING, TYPES, attribute_of
from services.document_schema import object_of
from services.models import Service
from services.uuids import SERVICE, uuid_of
from tests import factories
from tests.clients import Client
from tests.security.cast import Cast
from tests.security.matrix import SIGNED_IN
from tests.services.site_pages import LANGUAGES
from tests.services.test_api_reading import LIST

KIELIKAHVILA = f"{LIST}/{uuid_of(SERVICE, 'kielikahvila')}"
OWN_NAMES = {attribute_of(one) for one in INTERNAL} | {MUNICIPAL}


def asked(path: str, user: User | None = None, *scopes: str, **parameters: str) -> Any:
    """Return the answer to a token of a person's, or to a session where no scopes are given."""
    headers = {}
    client = Client()
    if user and scopes:
        _token, secret = tokens.make(user, name="Oma", scopes=set(scopes) - {"none"}, days=30)
        headers["authorization"] = f"Bearer {secret}"
    elif user:
        client.force_login(user)
    return client.get(f"{path}?{urlencode(parameters)}", headers=headers)


def names_in(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.content
    one = answer.json()["data"]
    return {*one["attributes"], *one["relationships"]}


def working(user: User | None, *scopes: str, path: str = KIELIKAHVILA) -> Any:
    return asked(path, user, *scopes, resourceVersion="rel:working-copy")


# Instructions


def test_everyone_reads_what_they_read_on_the_pages(everyone: Cast) -> None:
    public = names_in(asked(KIELIKAHVILA))
    assert public == TYPES[SERVICE].fields
    for who in sorted(SIGNED_IN):
        user = everyone.people[who]
        for scopes in ((), ("read",), ("read", "write")):
            shown = names_in(asked(KIELIKAHVILA, user, *scopes))
            assert shown == (public | OWN_NAMES if reads_internal(user) else public), (who, scopes)
        for scopes in (("none",), ("write",)):
            assert names_in(asked(KIELIKAHVILA, user, *scopes)) == public, (who, scopes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_service_of_the_demo_says_its_instructions_as_their_type_says(
    manual: None, language: str
) -> None:
    shape = Draft202012Validator(object_of(dict(INTERNAL_SERVICE.attributes)), format_checker=FormatChecker())
    expert = factories.member("partner", "expert")
    client = Client()
    client.force_login(expert)
    found: dict[str, Any] = {}
    for offset in ("0", "50"):
        answer = client.get(f"/{language}/jsonapi/node/service?{urlencode({'page[offset]': offset})}")
        found |= {one["attributes"]["field_external_id"]: one for one in answer.json()["data"]}
    assert len(found) > 50
    for key, one in found.items():
        assert [error.message for error in shape.iter_errors(one["attributes"])] == [], key
        assert set(one["relationships"]) == set(INTERNAL_SERVICE.relationships)
        document = Service.objects.get(external_id=key).versions.latest("number").document["internal"]
        said = one["attributes"]
        for field in INTERNAL:
            if field.translatable:
                text = said[attribute_of(field)]
                text = text["value"] if isinstance(text, dict) else text
                written = document["texts"].get(language, {}).get(field.name)
                assert text == written or not written, (key, field.name)
            elif field.kind not in POINTING and field.name not in ("contacts", "links", "attachments"):
                assert said[attribute_of(field)] == document[field.name]
        assert [part["municipality"] for part in said[MUNICIPAL]] == sorted(document["municipal"])
        names = [item["name"] for item in said["field_internal_contacts"]]
        assert names == [item["name"] for item in document["contacts"]]


def test_readers_of_instructions_ask_for_single_fields_but_filter_by_none(everyone: Cast) -> None:
    user = everyone.people["expert"]
    only = asked(KIELIKAHVILA, user, "read", **{"fields[node--service]": "title,field_guidance"})
    assert names_in_attributes(only) == {"title", "field_guidance"}
    assert asked(LIST, user, "read", include="field_buyers").status_code == 200
    for refused in (
        {"filter[field_guidance]": "x"},
        {"filter[field_buyers.label]": "x"},
        {"sort": "field_guidance"},
    ):
        assert asked(LIST, user, "read", **refused).status_code == 400


def names_in_attributes(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.content
    return set(answer.json()["data"]["attributes"])


def test_whose_contacts_were_read_is_in_the_log_once_a_service(vocabulary: object) -> None:
    service = factories.service()
    document = working_copy.read(service)
    document["internal"]["contacts"] = [
        {"id": "00000000-0000-4000-8000-000000000001", "kind": "person", "name": "Aino Neuvoja",
         "title": {}, "info": {}, "email": "aino@manuaali.example", "phone": "", "municipality": None}
    ]  # fmt: skip
    factories.write(service, document)
    factories.publish(service)
    expert = factories.member("partner", "expert")
    for parameters, entries in (
        ({}, 1),
        ({"fields[node--service]": "title"}, 1),
        ({"fields[node--service]": "field_internal_contacts"}, 2),
    ):
        assert asked(LIST, expert, "read", **parameters).status_code == 200
        log = LogEntry.objects.filter(event="contacts_read", actor=expert)
        assert log.count() == entries
    assert log.first().detail["service"] == "kielikahvila"  # type: ignore[union-attr]
    factories.member("provider", "producer")
    assert "aino@" not in asked(LIST).content.decode()


# Working copies


def test_working_copies_are_read_by_those_who_read_them_at_the_desk(everyone: Cast) -> None:
    service = Service.objects.get(external_id="kielikahvila")
    document = working_copy.read(service)
    document["public"]["texts"]["fi"]["name"] = "Luonnoksen nimi"
    document["internal"]["texts"]["fi"]["guidance"] = "<p>Luonnoksen ohje</p>"
    revision = factories.write(service, document)
    assert working(None).status_code == 401
    reading = set()
    for who in sorted(SIGNED_IN):
        user = everyone.people[who]
        for scopes in ((), ("read",)):
            answer = working(user, *scopes)
            if not reads_drafts(user, service):
                assert answer.status_code == 403, who
                continue
            reading.add(who)
            assert answer.headers["ETag"] == f'"{revision}"'
            assert answer.json()["data"]["attributes"]["title"] == "Luonnoksen nimi"
            assert answer.json()["data"]["attributes"]["status"] is False
            internal = "Luonnoksen ohje" in answer.content.decode()
            assert internal is reads_internal_drafts(user, service), who
        assert working(user, "write").status_code == 403
        assert working(user, "none").status_code == 403
    assert {"producer", "provider's producer"} <= reading < SIGNED_IN
    assert "Luonnoksen" not in asked(KIELIKAHVILA, everyone.people["producer"], "read").content.decode()


def test_nobody_learns_of_a_service_that_was_never_published(everyone: Cast) -> None:
    hidden = factories.service("piilossa")
    path = f"{LIST}/{hidden.uuid}"
    nowhere = f"{LIST}/{uuid_of(SERVICE, 'ei-ole')}"
    for who in sorted(SIGNED_IN):
        user = everyone.people[who]
        answer = working(user, "read", path=path)
        assert answer.status_code == (200 if reads_drafts(user, hidden) else 404), who
        assert asked(path, user, "read").status_code == 404, "it has no published version"
        if answer.status_code == 404:
            assert answer.content == working(user, "read", path=nowhere).content
    assert working(None, path=path).content == working(None, path=nowhere).content


def test_a_draft_of_which_little_is_said_can_be_read(everyone: Cast) -> None:
    made = working_copy.create("alku", "alku", by=everyone.people["ICT specialist"])
    answer = working(everyone.people["ICT specialist"], "read", path=f"{LIST}/{made.uuid}")
    one = answer.json()["data"]
    assert (one["attributes"]["title"], one["attributes"]["created"]) == ("", None)
    assert one["meta"] == {"revision": 0, "version": 0}


# Versions


def test_versions_are_read_by_their_numbers(everyone: Cast) -> None:
    service = Service.objects.get(external_id="kielikahvila")
    first = service.version_number
    document = working_copy.read(service)
    document["public"]["texts"]["fi"]["name"] = "Uusi nimi"
    factories.write(service, document)
    factories.publish(service)
    user = everyone.people["producer"]
    for number, name, published in ((first, "Kielikahvila", False), (first + 1, "Uusi nimi", True)):
        one = asked(KIELIKAHVILA, user, "read", resourceVersion=f"id:{number}").json()["data"]
        assert one["attributes"]["title"] == name
        assert one["attributes"]["status"] is published
        assert one["meta"]["version"] == number
    latest = asked(KIELIKAHVILA, resourceVersion="rel:latest-version").json()["data"]
    assert latest == asked(KIELIKAHVILA).json()["data"]
    assert asked(KIELIKAHVILA, user, "read", resourceVersion="id:99").status_code == 404
    assert asked(KIELIKAHVILA, resourceVersion=f"id:{first}").status_code == 401
    expert = everyone.people["expert"]
    assert asked(KIELIKAHVILA, expert, "read", resourceVersion=f"id:{first}").status_code == 403


@pytest.mark.parametrize("version", ["", "id:", "id:0", "id:x", "rel:oldest", "3", "id:1,2", "id:9999999999"])
def test_what_names_no_version_is_refused(vocabulary: object, client: Client, version: str) -> None:
    factories.published()
    answer = asked(KIELIKAHVILA, resourceVersion=version)
    assert answer.status_code == 400
    assert json.loads(answer.content)["errors"][0]["source"] == {"parameter": "resourceVersion"}


def test_lists_have_no_versions(vocabulary: object, client: Client) -> None:
    for path in (LIST, "/fi/jsonapi/taxonomy_term/need"):
        assert asked(path, resourceVersion="rel:latest-version").status_code == 400
