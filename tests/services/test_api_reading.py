"""The interface, read by anyone: lists and single resources as Drupal's clients know them."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pytest_django.asserts import assertNumQueries

from orgs.alphabet import alphabetical
from orgs.models import Organisation
from services.api import asked
from services.api.types import POINTING, PUBLIC, TYPES, attribute_of
from services.document_schema import object_of
from services.fields import FIELDS, Audience, field
from services.models import Place, PublishedService, Service, Term
from services.site.caching import EVERY, meaningful
from services.uuids import SERVICE, uuid_of
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES
from tests.services.test_public_answers import declared, query_of

LIST = "/fi/jsonapi/node/service"


def answer(client: Client, path: str, status: int = 200, /, **parameters: str) -> Any:
    """Return what the interface says at an address."""
    response = client.get(f"{path}?{urlencode(parameters)}" if parameters else path)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/vnd.api+json"
    return json.loads(response.content)


def path_of(link: dict[str, str]) -> str:
    """Return the path of a link."""
    return link["href"].removeprefix("http://127.0.0.1:8000")


def pages(client: Client, path: str, /, **parameters: str) -> Iterator[Any]:
    """Yield a list's pages, following the links."""
    said = answer(client, path, **parameters)
    yield said
    while "next" in said["links"]:
        said = answer(client, path_of(said["links"]["next"]))
        yield said


def titles(client: Client, **parameters: str) -> list[str]:
    return [one["attributes"]["title"] for page in pages(client, LIST, **parameters) for one in page["data"]]


# What there is


@pytest.mark.parametrize("entry", ["/jsonapi", "/fi/jsonapi", "/sv/jsonapi", "/en/jsonapi"])
def test_the_entry_leads_to_every_list(manual: None, client: Client, entry: str) -> None:
    links = answer(client, entry)["links"]
    assert set(links) == {"self", *TYPES}
    for name in TYPES:
        said = answer(client, path_of(links[name]))
        assert {one["type"] for one in said["data"]} <= {name}
        assert said["meta"]["count"] >= len(said["data"])


def test_without_a_language_it_answers_in_finnish_whatever_a_browser_asks_for(
    manual: None, client: Client
) -> None:
    response = client.get("/jsonapi/node/service", headers={"accept-language": "en"})
    data = json.loads(response.content)["data"]
    assert {one["attributes"]["langcode"] for one in data} == {"fi"}


def test_every_public_field_has_a_name_of_its_own() -> None:
    paths = [one.path for one in FIELDS]
    assert len(set(paths)) == len(paths)
    assert field(Audience.INTERNAL, "benefits").path == "internal_benefits"
    assert field(Audience.PUBLIC, "benefits").path == "benefits"
    service = TYPES[SERVICE]
    for one in PUBLIC:
        assert attribute_of(one) in (service.relationships if one.kind in POINTING else service.attributes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_service_of_the_demo_says_what_its_row_says(manual: None, client: Client, language: str) -> None:
    found = {
        one["attributes"]["field_external_id"]: one
        for page in pages(client, f"/{language}/jsonapi/node/service")
        for one in page["data"]
    }
    rows = list(PublishedService.objects.filter(language=language))
    assert set(found) == {row.external_id for row in rows}
    for row in rows:
        one, texts = found[row.external_id], row.document["texts"]
        said, related = one["attributes"], one["relationships"]
        assert set(said) == set(TYPES[SERVICE].attributes)
        assert set(related) == set(TYPES[SERVICE].relationships)
        assert (said["title"], said["field_summary"]) == (row.name, texts["summary"]["text"])
        for name in ("description", "participation", "requirements"):
            shown = said[f"field_{name}"]
            assert (shown and shown["processed"]) == (texts.get(name) or {"text": None})["text"]
        assert related["field_organiser"]["data"]["id"] == str(
            uuid_of("group--organisation", row.document["organiser"]["id"])
        )
        needs = [str(uuid_of("taxonomy_term--need", item["key"])) for item in row.document["terms"]["needs"]]
        assert [item["id"] for item in related["field_needs"]["data"]] == needs
        foreign = {
            attribute_of(one) for one in PUBLIC if texts.get(one.name, {}).get("lang", language) != language
        }
        assert set(one.get("meta", {}).get("languages", {})) == foreign


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_attribute_has_the_shape_that_its_type_says(manual: None, client: Client, language: str) -> None:
    for kind in TYPES.values():
        shape = Draft202012Validator(object_of(dict(kind.attributes)), format_checker=FormatChecker())
        for page in pages(client, f"/{language}/jsonapi/{kind.path}"):
            for one in page["data"]:
                wrong = [(error.json_path, error.message) for error in shape.iter_errors(one["attributes"])]
                assert wrong == [], (kind.name, one["id"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_pointed_at_can_be_had(manual: None, client: Client, language: str) -> None:
    for kind in TYPES.values():
        for page in pages(client, f"/{language}/jsonapi/{kind.path}", include=",".join(kind.relationships)):
            there = {(one["type"], one["id"]) for one in (*page["data"], *page.get("included", ()))}
            assert len(there) == len(page["data"]) + len(page.get("included", ())), "each once"
            for one in page["data"]:
                for name, target in kind.relationships.items():
                    data = one["relationships"][name]["data"]
                    for item in data if isinstance(data, list) else [data] if data else []:
                        assert item["type"] == target
                        assert (item["type"], item["id"]) in there, (one, name)


def test_each_resource_of_a_list_answers_alone_as_it_stands_there(manual: None, client: Client) -> None:
    for kind in TYPES.values():
        for listed in answer(client, f"/sv/jsonapi/{kind.path}", **{"page[limit]": "3"})["data"]:
            alone = answer(client, path_of(listed["links"]["self"]))
            assert alone["data"] == listed
            assert alone["links"]["self"] == listed["links"]["self"]


def test_each_attachment_has_an_address_at_which_it_is(manual: None, client: Client) -> None:
    found = [
        item
        for page in pages(client, LIST)
        for one in page["data"]
        for item in one["attributes"]["field_attachments"]
    ]
    assert found
    for item in found:
        response = client.get(item["url"].removeprefix("http://127.0.0.1:8000"))
        assert response.status_code == 200
        assert len(b"".join(response)) == item["size"]


def test_a_path_of_relationships_brings_along_what_it_leads_to(manual: None, client: Client) -> None:
    said = answer(client, LIST, include="field_places.field_municipality", **{"page[limit]": "10"})
    kinds = {one["type"] for one in said["included"]}
    assert kinds == {"node--service_location", "taxonomy_term--municipality"}
    codes = {one["attributes"]["code"] for one in said["included"] if "code" in one["attributes"]}
    assert codes
    assert codes <= {"049", "091", "092", "235", "245", "710"}


# Pages, order, sparse fields


@pytest.mark.parametrize("size", [1, 7, 50])
def test_following_the_links_reads_each_service_once(manual: None, client: Client, size: int) -> None:
    ids = [one["id"] for page in pages(client, LIST, **{"page[limit]": str(size)}) for one in page["data"]]
    assert len(ids) == len(set(ids)) == Service.objects.filter(status="published").count()


def test_larger_wishes_get_fifty(manual: None, client: Client) -> None:
    said = answer(client, LIST, **{"page[limit]": "500"})
    assert len(said["data"]) == asked.MOST
    assert "page%5Boffset%5D=50" in said["links"]["next"]["href"]


@pytest.mark.parametrize("sign", ["", "-"])
def test_lists_are_ordered_as_asked(manual: None, client: Client, sign: str) -> None:
    names = titles(client, sort=f"{sign}title")
    assert names == sorted(names, key=alphabetical, reverse=sign == "-")
    changed = [
        one["attributes"]["changed"]
        for page in pages(client, LIST, sort=f"{sign}changed")
        for one in page["data"]
    ]
    assert changed == sorted(changed, reverse=sign == "-")
    way = "DESC" if sign else "ASC"
    assert titles(client, **{"sort[a][path]": "title", "sort[a][direction]": way}) == names


def test_only_the_fields_that_are_asked_for_are_said(manual: None, client: Client) -> None:
    said = answer(
        client,
        LIST,
        include="field_organiser",
        **{"fields[node--service]": "title,field_organiser", "fields[group--organisation]": "label"},
    )
    assert {tuple(one["attributes"]) for one in said["data"]} == {("title",)}
    assert {tuple(one["relationships"]) for one in said["data"]} == {("field_organiser",)}
    assert {tuple(one["attributes"]) for one in said["included"]} == {("label",)}
    assert not any("relationships" in one for one in said["included"])


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("foo", "1"),
        ("page", "1"),
        ("page[limit]", "0"),
        ("page[limit]", "x"),
        ("page[limit]", "١"),
        ("page[offset]", "-1"),
        ("page[offset]", "9" * 30),
        ("page[size]", "3"),
        ("sort", "field_contract_ends"),
        ("sort", "title,-field_description"),
        ("sort[a][path]", "guidance"),
        ("sort[a][direction]", "DESC"),
        ("sort[a]", "title"),
        ("fields[node--service]", "title,field_guidance"),
        ("fields[node--secret]", "title"),
        ("fields", "title"),
        ("include", "field_buyers"),
        ("include", "field_organiser.members"),
        ("include", "field_related.field_related.field_related.field_related"),
        ("filter[a][condition][path]", "x"),
        ("page[limit]x", "3"),
        ("resourceVersion", "id:1"),
    ],
)
def test_what_means_nothing_is_refused_by_its_name(
    vocabulary: object, client: Client, parameter: str, value: str
) -> None:
    (error,) = answer(client, LIST, 400, **{parameter: value})["errors"]
    assert error["source"]["parameter"] == parameter
    assert (error["status"], error["title"]) == ("400", "Bad Request")
    assert error["detail"]


def test_one_parameter_given_twice_is_refused(vocabulary: object, client: Client) -> None:
    response = client.get(f"{LIST}?sort=title&sort=changed")
    assert response.status_code == 400
    assert b'"parameter":"sort"' in response.content


@pytest.mark.parametrize(
    "path", ["node/secret", "user/user", "node/service/00000000-0000-3000-8000-000000000000"]
)
def test_what_is_not_there_is_not_there(vocabulary: object, client: Client, path: str) -> None:
    (error,) = answer(client, f"/fi/jsonapi/{path}", 404)["errors"]
    assert error["status"] == "404"


def test_visitors_write_nothing(vocabulary: object, client: Client) -> None:
    need = "/fi/jsonapi/taxonomy_term/need"
    single = f"{LIST}/{uuid_of(SERVICE, 'kielikahvila')}"
    assert {client.post(LIST).status_code, client.patch(single).status_code} == {401}
    for method in (client.patch, client.delete, client.put, client.options):
        assert method(LIST).status_code == 405
    for path in ("/fi/jsonapi", "/fi/jsonapi/changes", "/fi/router/translate-path"):
        assert client.post(path).status_code == 405
    assert client.post(need).status_code == 401


# What a visitor can't see


def test_only_what_is_published_is_said(vocabulary: object, client: Client) -> None:
    factories.service("luonnos")
    factories.published("toinen")
    factories.published("julkaistu", factories.document(related=["luonnos", "toinen"]))
    Place.objects.create(
        external_id="vain-luonnoksen", name={"fi": "Salainen talo"}, postal_code="02600", city={"fi": "Espoo"}
    )
    factories.OrganisationFactory(external_id="suljettu", kind="provider", closed_on="2026-01-01")
    factories.OrganisationFactory(external_id="hanke", kind="project")
    said = answer(client, LIST, include="field_related")
    assert [one["attributes"]["field_external_id"] for one in said["data"]] == ["toinen", "julkaistu"]
    related = said["data"][1]["relationships"]["field_related"]["data"]
    assert [item["id"] for item in related] == [str(uuid_of(SERVICE, "toinen"))]
    draft = f"{LIST}/{uuid_of(SERVICE, 'luonnos')}"
    answer(client, draft, 404)
    places = answer(client, "/fi/jsonapi/node/service_location")["data"]
    assert "Salainen talo" not in {one["attributes"]["title"] for one in places}
    hidden = uuid_of("node--service_location", "vain-luonnoksen")
    answer(client, f"/fi/jsonapi/node/service_location/{hidden}", 404)
    organisations = answer(client, "/fi/jsonapi/group/organisation")["data"]
    known = {one["attributes"]["field_external_id"] for one in organisations}
    assert {"suljettu", "hanke"}.isdisjoint(known)


def test_a_providers_person_reads_no_more_here(vocabulary: object, client: Client) -> None:
    factories.published()
    before = answer(client, LIST)
    client.force_login(
        factories.member("provider", "main_user", Organisation.objects.get(external_id="kielisilta"))
    )
    assert answer(client, LIST) == before


# UUIDs


@pytest.mark.parametrize("key", ["kielikahvila", "a", "x" * 100, "helsinki-tuuma-2"])
def test_the_database_and_we_reckon_the_same_uuid(vocabulary: object, key: str) -> None:
    made = Service.objects.create(external_id=key, slug=key)
    made.refresh_from_db()
    assert made.uuid == uuid_of(SERVICE, key)
    assert (made.uuid.version, made.uuid.variant) == (3, "specified in RFC 4122")


def test_a_uuid_is_what_it_has_always_been() -> None:
    assert str(uuid_of(SERVICE, "kielikahvila")) == "fc655755-ffad-3fb4-8689-3c61e3c26f92"


# What it costs, and who may keep it


@pytest.mark.parametrize(
    ("parameters", "queries"),
    [
        ({}, 3),
        ({"include": "field_needs,field_categories.parent"}, 3),
        ({"include": "field_related"}, 5),
        ({"filter[field_paid]": "0", "filter[field_needs.name][operator]": "IS NOT NULL"}, 3),
        ({"filter[fulltext]": "kieli", "filter[need]": "job_search"}, 3),
        ({"filter[fulltext]": "kieli", "filter[field_paid]": "0"}, 4),
    ],
)
def test_a_list_is_read_in_few_queries(
    manual: None, client: Client, parameters: dict[str, str], queries: int
) -> None:
    answer(client, LIST, **{"filter[fulltext]": ""})  # words and the search's index are held from now on
    with assertNumQueries(queries):
        answer(client, LIST, **parameters)


def test_answers_depend_on_all_parameters_and_on_any_service(vocabulary: object, client: Client) -> None:
    said = declared(client.get(LIST))
    assert (said.parameters, said.in_any_language) == ((EVERY,), True)
    assert said.tags == {"list", "vocabulary", "organisation"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b[c]"]), st.text(st.sampled_from("x é"), max_size=3)), max_size=5
    )
)
def test_where_every_parameter_means_something_none_is_lost(pairs: list[tuple[str, str]]) -> None:
    query = query_of(pairs)
    kept = meaningful(query, (EVERY,))
    assert dict(kept.lists()) == dict(query.lists())
    assert list(kept) == sorted(query)


def test_names_of_terms_are_in_the_language_of_the_address(vocabulary: object, client: Client) -> None:
    term = Term.objects.filter(vocabulary="need").first()
    assert term is not None
    for language in LANGUAGES:
        with override(language):
            path = reverse(
                "api:single", args=["taxonomy_term", "need", uuid_of("taxonomy_term--need", term.key)]
            )
        assert answer(client, path)["data"]["attributes"]["name"] == term.label.get(
            language, term.label["fi"]
        )
