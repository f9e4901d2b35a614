"""The interface writes by the actions of the desk: same rights, same checks, same runs and notices."""

import json
from typing import Any

import pytest

from orgs import tokens
from orgs.models import Notice, Organisation, User
from services import working_copy
from services.access import may_write, reads_drafts
from services.api.types import INTERNAL, POINTING, PUBLIC, TYPES, attribute_of
from services.fields import FIELDS, Audience, Kind
from services.models import Service
from services.shape import Path
from services.uuids import SERVICE, uuid_of
from tests import factories
from tests.clients import Client
from tests.security.cast import Cast
from tests.security.matrix import SIGNED_IN
from workflow.models import Event, Run
from workflow.states import RunState

KIND = "node--service"
NUMBER = str(uuid_of(SERVICE, "kielikahvila"))


@pytest.fixture
def kielikahvila(vocabulary: object) -> Service:
    factories.agreement()
    return factories.published().service


@pytest.fixture
def producer(kielikahvila: Service) -> User:
    espoo = Organisation.objects.get(external_id="espoo")
    return factories.member("partner", "producer", espoo, full_name="Pia Tuottaja")


class Writer:
    """Another system with somebody's token, that reads a working copy and sends changes of it."""

    def __init__(self, user: User, *scopes: str) -> None:
        _token, secret = tokens.make(user, name="Oma", scopes=scopes or ("read", "write"), days=30)
        self.client = Client()
        self.headers = {"authorization": f"Bearer {secret}"}

    def get(self, language: str = "fi", number: str = NUMBER) -> Any:
        path = f"/{language}/jsonapi/node/service/{number}?resourceVersion=rel:working-copy"
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.content
        self.tag = answer.headers["ETag"]
        return answer.json()["data"]

    def patch(
        self,
        language: str = "fi",
        *,
        number: str = NUMBER,
        tag: str | None = None,
        body: Any = None,
        **data: Any,
    ) -> Any:
        body = body if body is not None else {"data": {"type": KIND, "id": number, **data}}
        headers = self.headers | {"if-match": tag if tag is not None else self.tag}
        return self.client.patch(
            f"/{language}/jsonapi/node/service/{number}",
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/vnd.api+json",
            headers={name: value for name, value in headers.items() if value},
        )


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.json()


def faults(answer: Any, status: int = 422) -> dict[str, str]:
    """Return what is wrong, by place."""
    return {one["source"]["pointer"]: one["detail"] for one in said(answer, status)["errors"]}


# A change, as its user makes it


def test_a_change_is_written_submitted_and_comes_to_the_reviewer(
    kielikahvila: Service,
) -> None:
    main_user = factories.member("partner", "main_user", Organisation.objects.get(external_id="espoo"))
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    provider = factories.member("provider", "producer", kielisilta, full_name="Kaisa Kieli")
    writer = Writer(provider)
    before = writer.get()
    assert before["attributes"]["moderation_state"] == "published"
    answer = writer.patch(attributes={"field_summary": "Uusi tiivistelmä.", "field_paid": False})
    one = said(answer)["data"]
    assert one["attributes"]["field_summary"] == "Uusi tiivistelmä."
    assert one["attributes"]["moderation_state"] == "draft"
    assert answer.headers["ETag"] != writer.tag
    run = Run.objects.get(service=kielikahvila)
    assert (run.state, list(run.writers.all())) == (RunState.DRAFTING, [provider])
    writer.tag = answer.headers["ETag"]
    one = said(writer.patch(attributes={"moderation_state": "in_review"}))["data"]
    assert one["attributes"]["moderation_state"] == "in_review"
    run.refresh_from_db()
    assert (run.state, run.submitted_by) == (RunState.IN_REVIEW, provider)
    events = Event.objects.filter(service=kielikahvila).order_by("pk").values_list("kind", "actor")
    assert list(events)[-2:] == [("opened", provider.pk), ("submitted", provider.pk)]
    assert Notice.objects.filter(kind="run_submitted", recipient=main_user).exists()
    again = said(writer.patch(attributes={"moderation_state": "in_review"}, tag=writer.get() and writer.tag))
    assert again["data"]["attributes"]["moderation_state"] == "in_review"


def test_change_and_submission_in_one_go_stand_or_fall_together(
    kielikahvila: Service, producer: User
) -> None:
    writer = Writer(producer)
    writer.get()
    revision = working_copy.revision_of(kielikahvila)
    answer = writer.patch(attributes={"title": "", "moderation_state": "in_review"})
    assert set(faults(answer)) == {"/data/attributes/title"}
    assert working_copy.revision_of(kielikahvila) == revision
    assert not Run.objects.exists()
    answer = writer.patch(attributes={"moderation_state": "in_review"})
    assert said(answer, 409)["errors"][0]["status"] == "409"
    assert "muuttunut" in answer.json()["errors"][0]["detail"]
    assert not Run.objects.exists()
    both = writer.patch(attributes={"title": "Uusi kahvila", "moderation_state": "in_review"})
    assert said(both)["data"]["attributes"]["moderation_state"] == "in_review"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_was_read_and_sent_back_changes_nothing(kielikahvila: Service, language: str) -> None:
    writer = Writer(factories.member("project", "ict_specialist"))
    one = writer.get(language)
    answer = writer.patch(language, attributes=one["attributes"], relationships=one["relationships"])
    assert said(answer)["data"] == one
    assert answer.headers["ETag"] == writer.tag
    assert not Run.objects.exists()


def test_each_service_of_the_demo_can_be_sent_back_and_changed(manual: None) -> None:
    writer = Writer(factories.member("project", "ict_specialist"))
    for service in Service.objects.exclude(status="archived"):
        one = writer.get("sv", str(service.uuid))
        sent = {"attributes": one["attributes"], "relationships": one["relationships"]}
        assert said(writer.patch("sv", number=str(service.uuid), **sent))["data"] == one, service
        sent["attributes"] = one["attributes"] | {"title": f"Ny {service.pk}"}
        after = said(writer.patch("sv", number=str(service.uuid), **sent))["data"]
        assert after["attributes"]["title"] == f"Ny {service.pk}"
        texts = working_copy.read(service)["public"]["texts"]
        assert texts["sv"]["name"] == f"Ny {service.pk}"


def test_a_text_is_written_in_the_language_of_the_address(kielikahvila: Service, producer: User) -> None:
    writer = Writer(producer)
    finnish = writer.get("fi")["attributes"]["field_execution"]["value"]
    writer.get("sv")
    rich = {"value": "<p>Vi talar <script>x</script>svenska.</p>", "format": "basic_html"}
    said(writer.patch("sv", attributes={"field_execution": rich, "title": "Språkkafé"}))
    texts = working_copy.read(kielikahvila)["public"]["texts"]
    assert texts["sv"]["execution"] == "<p>Vi talar svenska.</p>"
    assert texts["sv"]["name"] == "Språkkafé"
    assert texts["fi"]["execution"] == finnish
    writer.get("sv")
    said(writer.patch("sv", attributes={"field_execution": None}))
    assert "execution" not in working_copy.read(kielikahvila)["public"]["texts"]["sv"]


def test_lists_keep_their_items_and_the_other_languages(kielikahvila: Service, producer: User) -> None:
    writer = Writer(producer)
    writer.get()
    person = {"kind": "person", "name": "Aino Ohjaaja", "email": "aino@manuaali.example"}
    office = {"kind": "organisation", "name": "Neuvonta", "phone": "09 123", "title": "Neuvonta"}
    link = {"url": "https://manuaali.example/", "title": {"text": "Sivusto"}}
    dates = [{"starts": "2027-02-01", "ends": "2027-03-01"}]
    schedule = {"kind": "period", "dates": dates, "place_text": "Kirjasto"}
    after = said(writer.patch(attributes={
        "field_contacts": [person, office], "field_links": [link], "field_schedules": [schedule],
    }))["data"]["attributes"]  # fmt: skip
    assert [one["name"] for one in after["field_contacts"]] == ["Aino Ohjaaja", "Neuvonta"]
    assert after["field_links"][0]["title"] == {"text": "Sivusto", "lang": "fi"}
    assert after["field_schedules"][0]["place_text"] == {"text": "Kirjasto", "lang": "fi"}
    assert after["field_schedules"][0]["dates"][0]["starts"] == "2027-02-01"
    assert after["field_schedules"][0]["dates"][0]["apply_by"] is None
    swedish = writer.get("sv")["attributes"]["field_contacts"]
    assert swedish[1]["title"] == {"text": "Neuvonta", "lang": "fi"}
    changed = [swedish[1] | {"phone": "09 456"}, swedish[0] | {"title": "Handledare"}]
    said(writer.patch("sv", attributes={"field_contacts": changed}))
    kept = working_copy.read(kielikahvila)["public"]["contacts"]
    assert [(one["name"], one["phone"], one["title"]) for one in kept] == [
        ("Neuvonta", "09 456", {"fi": "Neuvonta"}),
        ("Aino Ohjaaja", "", {"sv": "Handledare"}),
    ]
    assert [one["id"] for one in kept] == [swedish[1]["id"], swedish[0]["id"]]


def test_relationships_point_at_what_there_is(kielikahvila: Service, producer: User) -> None:
    writer = Writer(producer)
    writer.get()
    other = factories.service("toinen-palvelu")

    def pointing(kind: str, key: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "id": str(uuid_of(kind, key)), **more}

    need, language = "taxonomy_term--need", "taxonomy_term--service_language"
    level = {"meta": {"level": "a1"}}
    said(writer.patch(relationships={
        "field_needs": {"data": [pointing(need, "job_search"), pointing(need, "language_skills")]},
        "field_languages": {"data": [pointing(language, "fi", **level), pointing(language, "sv")]},
        "field_related": {"data": [pointing(KIND, other.external_id)]},
        "field_organiser": {"data": pointing("group--organisation", "espoo")},
    }))  # fmt: skip
    public = working_copy.read(kielikahvila)["public"]
    assert public["needs"] == ["job_search", "language_skills"]
    assert public["languages"] == [{"language": "fi", "level": "a1"}, {"language": "sv", "level": None}]
    assert (public["related"], public["organiser"]) == (["toinen-palvelu"], "espoo")


# Rights


def test_through_the_interface_each_writes_what_each_writes_at_the_desk(everyone: Cast) -> None:
    """One property over the table of roles: every person, every field, a municipality's own part."""
    service = Service.objects.get(external_id="kielikahvila")
    document = working_copy.read(service)
    values: dict[Kind, Any] = {
        Kind.LINE: "Toinen", Kind.RICH: "<p>Toinen</p>", Kind.WORDS: "123", Kind.NUMBER: 44,
        Kind.MONEY: "12.00", Kind.DAY: "2027-01-01",
    }  # fmt: skip
    tried = 0
    for who in sorted(SIGNED_IN):
        user = everyone.people[who]
        writer = Writer(user)
        if not reads_drafts(user, service):
            answer = writer.patch(tag='"1"', attributes={"title": "x"})
            assert answer.status_code == 403, who
            continue
        for field in (*PUBLIC, *INTERNAL):
            value = values.get(field.kind)
            if field.kind in (Kind.FLAG, Kind.CHOICE_FLAG):
                value = not document[field.audience.value][field.name]
            if field.kind in POINTING or value is None:
                continue
            tried += 1
            writer.get()
            path: Path = (field.audience.value, field.name)
            if field.translatable:
                path = (field.audience.value, "texts", "fi", field.name)
            answer = writer.patch(attributes={attribute_of(field): value})
            refused = answer.status_code == 403
            assert refused is not may_write(user, service, path), (who, field.name, answer.content)
            if refused:
                assert set(faults(answer, 403)) == {f"/data/attributes/{attribute_of(field)}"}
        for code in ("049", "092"):
            writer.get()
            part = [{"municipality": code, "texts": {"guidance": {"text": f"<p>{who}</p>", "lang": "fi"}}}]
            answer = writer.patch(attributes={"field_municipal": part})
            path = ("internal", "municipal", code, "fi", "guidance")
            assert (answer.status_code == 403) is not may_write(user, service, path), (who, code)
        present = working_copy.read(service)["public"]["organiser"]
        other = str(uuid_of("group--organisation", "espoo" if present == "kielisilta" else "kielisilta"))
        organiser = {"data": {"type": "group--organisation", "id": other}}
        writer.get()
        answer = writer.patch(relationships={"field_organiser": organiser})
        assert (answer.status_code == 403) is not may_write(user, service, ("public", "organiser")), who
    assert tried > 100


def test_nobody_learns_by_writing_what_is_not_shown(kielikahvila: Service) -> None:
    """A provider gives an instruction as it is, and another: both are refused in the same words."""
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    writer = Writer(factories.member("provider", "producer", kielisilta))
    internal = working_copy.read(kielikahvila)["internal"]
    written = internal["texts"]["fi"]
    name = next(name for name, text in written.items() if text)
    contacts: list[Any] = internal["contacts"]
    answers = []
    for given in (written[name], "<p>arvaus</p>"):
        writer.get()
        answers.append(writer.patch(attributes={f"field_{name}": given}))
    answers += [
        writer.patch(attributes={"field_internal_contacts": items}) for items in (contacts, [{"oops": 1}])
    ]
    assert [one.status_code for one in answers] == [403] * 4
    assert answers[0].content == answers[1].content
    assert answers[2].content == answers[3].content


def test_who_may_not_write_at_all_is_told_so(kielikahvila: Service, producer: User) -> None:
    assert Client().patch(f"/fi/jsonapi/node/service/{NUMBER}").status_code == 401
    for scopes in (("read",), ("write",)):
        answer = Writer(producer, *scopes).patch(tag='"1"', attributes={"title": "x"})
        assert "avain" in said(answer, 403)["errors"][0]["detail"].lower()
    hidden = factories.service("piilossa")
    stranger = Writer(factories.member("provider", "producer"))
    assert said(stranger.patch(tag='"1"', number=str(hidden.uuid), attributes={}), 404)
    assert said(stranger.patch(tag='"1"', attributes={}), 403)
    need = uuid_of("taxonomy_term--need", "job_search")
    address = f"/fi/jsonapi/taxonomy_term/need/{need}"
    assert Writer(producer).client.patch(address, headers=Writer(producer).headers).status_code == 405


def test_a_session_writes_only_with_the_token_against_forgery(kielikahvila: Service, producer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(producer)
    address = f"/fi/jsonapi/node/service/{NUMBER}"
    body = json.dumps({"data": {"type": KIND, "id": NUMBER, "attributes": {"title": "Uusi"}}})
    sent: dict[str, Any] = {"data": body, "content_type": "application/json"}
    assert client.patch(address, **sent, headers={"if-match": '"1"'}).status_code == 403
    client.get("/fi/oma/")
    tag = client.get(f"{address}?resourceVersion=rel:working-copy").headers["ETag"]
    headers = {"if-match": tag, "x-csrftoken": client.cookies["csrftoken"].value}
    assert client.patch(address, **sent, headers=headers).status_code == 200


# Against losing what others wrote


def test_a_change_says_from_which_revision_it_was_made(kielikahvila: Service, producer: User) -> None:
    writer, other = Writer(producer), Writer(producer)
    writer.get()
    other.get()
    for tag in ("", "*", "7", '"x"', '"1", "2"'):
        assert said(writer.patch(tag=tag, attributes={"title": "Minun"}), 428)
    said(other.patch(attributes={"title": "Toisen"}))
    said(writer.patch(attributes={"title": "Minun"}), 412)
    assert working_copy.read(kielikahvila)["public"]["texts"]["fi"]["name"] == "Toisen"
    weak = f"W/{writer.tag}"
    said(writer.patch(tag=weak, attributes={}), 412)


# What is refused


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"attributes": {"field_oops": 1}}, "/data/attributes/field_oops"),
    ({"attributes": {"field_search_boost": 1}}, "/data/attributes/field_search_boost"),
    ({"attributes": {"created": "2020-01-01"}}, "/data/attributes/created"),
    ({"attributes": {"langcode": "sv"}}, "/data/attributes/langcode"),
    ({"attributes": {"moderation_state": "waiting"}}, "/data/attributes/moderation_state"),
    ({"attributes": {"field_paid": "no"}}, "/data/attributes/field_paid"),
    ({"attributes": {"field_age_min": -1}}, "/data/attributes/field_age_min"),
    ({"attributes": {"title": 7}}, "/data/attributes/title"),
    ({"attributes": {"title": "x" * 121}}, "/data/attributes/title"),
    ({"attributes": {"field_description": ["x"]}}, "/data/attributes/field_description"),
    ({"attributes": {"field_contacts": {}}}, "/data/attributes/field_contacts"),
    ({"attributes": {"field_contacts": [7]}}, "/data/attributes/field_contacts"),
    (
        {"attributes": {"field_contacts": [{"kind": "cat", "name": "x"}]}},
        "/data/attributes/field_contacts/0/kind",
    ),
    (
        {"attributes": {"field_contacts": [{"kind": "person", "name": "x", "oops": 1}]}},
        "/data/attributes/field_contacts/0",
    ),
    (
        {"attributes": {"field_contacts": [{"kind": "person", "name": "x", "email": "ei"}]}},
        "/data/attributes/field_contacts/0/email",
    ),
    (
        {"attributes": {"field_links": [{"url": "ftp://x", "title": "x"}]}},
        "/data/attributes/field_links/0/url",
    ),
    (
        {"attributes": {"field_schedules": [{"kind": "period", "dates": [{"starts": "tänään"}]}]}},
        "/data/attributes/field_schedules/0/dates/0/starts",
    ),
    ({"attributes": {"field_attachments": [{"filename": "x.pdf"}]}}, "/data/attributes/field_attachments/0"),
    ({"attributes": {"field_municipal": [7]}}, "/data/attributes/field_municipal/0"),
    ({"attributes": []}, "/data/attributes"),
    ({"relationships": {"field_oops": {"data": []}}}, "/data/relationships/field_oops"),
    ({"relationships": {"field_places": {"data": [7]}}}, "/data/relationships/field_places"),
    ({"relationships": {"field_needs": {"data": None}}}, "/data/relationships/field_needs/data"),
    ({"relationships": {"field_needs": [7]}}, "/data/relationships/field_needs/data"),
    ({"relationships": {"field_organiser": {"data": []}}}, "/data/relationships/field_organiser/data"),
    (
        {"relationships": {"field_needs": {"data": [{"type": KIND, "id": NUMBER}]}}},
        "/data/relationships/field_needs/data/0/type",
    ),
    (
        {"relationships": {"field_needs": {"data": [{"type": "taxonomy_term--need", "id": NUMBER}]}}},
        "/data/relationships/field_needs/data/0/id",
    ),
    ({"relationships": {"field_related": {"data": [{"type": KIND, "id": "x"}]}}},
     "/data/relationships/field_related/data/0/id"),
    ({"oops": 1}, "/data/oops"),
    ({"type": "node--place"}, "/data/type"),
    ({"id": str(uuid_of(SERVICE, "x"))}, "/data/id"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "where"), WRONG, ids=[where for _data, where in WRONG])
def test_what_can_not_be_written_is_refused_where_it_stands(
    kielikahvila: Service, producer: User, data: dict[str, Any], where: str
) -> None:
    writer = Writer(producer)
    writer.get()
    before = working_copy.read(kielikahvila)
    answer = writer.patch(**{"attributes": {"field_summary": "Hyvä"}} | data)
    found = faults(answer)
    assert any(place == where or place.startswith(f"{where}/") for place in found), found
    assert working_copy.read(kielikahvila) == before
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"), [("", 422), ("{", 400), ("[]", 422), ("7", 422), ('{"data": []}', 422), ("NaN", 400)]
)
def test_what_is_no_resource_is_told_so(
    kielikahvila: Service, producer: User, body: str, status: int
) -> None:
    writer = Writer(producer)
    writer.get()
    said(writer.patch(body=body), status)


def test_only_json_is_taken(kielikahvila: Service, producer: User) -> None:
    writer = Writer(producer)
    answer = writer.client.patch(
        f"/fi/jsonapi/node/service/{NUMBER}", "title=x", content_type="text/plain", headers=writer.headers
    )
    said(answer, 415)


def test_what_is_missing_for_a_submission_is_named_place_by_place(vocabulary: object) -> None:
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    provider = factories.member("provider", "producer", kielisilta)
    service = factories.service("keskeneraeinen")
    document = working_copy.read(service)
    document["public"]["texts"]["fi"].pop("summary")
    document["public"]["needs"] = []
    factories.write(service, document)
    factories.agreement()
    writer = Writer(provider)
    writer.get(number=str(service.uuid))
    answer = writer.patch(number=str(service.uuid), attributes={"moderation_state": "in_review"})
    assert {"/data/attributes/field_summary", "/data/relationships/field_needs"} <= set(faults(answer))


def test_an_archived_service_is_not_written(kielikahvila: Service, producer: User) -> None:
    Service.objects.filter(pk=kielikahvila.pk).update(status="archived")
    writer = Writer(producer)
    writer.get()
    said(writer.patch(attributes={"title": "Uusi"}), 409)


def test_the_interface_takes_what_the_table_of_fields_has() -> None:
    writable = {attribute_of(one) for one in FIELDS if one.audience is not Audience.EDITORS}
    assert writable - {attribute_of(one) for one in INTERNAL} <= TYPES[SERVICE].fields
