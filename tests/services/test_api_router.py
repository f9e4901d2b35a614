"""From a page's path to its resource, as front ends of Drupal ask for it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.translation import override

from orgs.models import Municipality, Organisation
from services.models import PublishedService
from services.uuids import SERVICE, uuid_of
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, address


def asked(client: Client, path: str, status: int = 200, at: str = "") -> Any:
    answer = client.get(f"{at}/router/translate-path?{urlencode({'path': path})}")
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_of_the_demo_leads_to_its_resource(manual: None, client: Client, language: str) -> None:
    pages = {
        address("service", row.slug, language=language): (SERVICE, row.external_id, row.name)
        for row in PublishedService.objects.filter(language=language)
    }
    for one in Organisation.objects.open().filter(kind__in=Organisation.PUBLIC_KINDS):
        path = address("organisation", one.external_id, language=language)
        pages[path] = ("group--organisation", one.external_id, one.name.get(language) or one.name["fi"])
    for place in Municipality.objects.filter(partners__isnull=False)[:3]:
        path = address("municipality", place.slug, language=language)
        pages[path] = (
            "taxonomy_term--municipality",
            place.code,
            place.name.get(language) or place.name["fi"],
        )
    for path, (kind, key, name) in pages.items():
        said = asked(client, path)
        group, bundle = kind.split("--")
        assert said["resolved"].endswith(path)
        assert (said["label"], said["isHomePath"]) == (name, False)
        entity = said["entity"]
        assert (entity["type"], entity["bundle"], entity["id"]) == (group, bundle, key)
        assert (entity["uuid"], entity["langcode"]) == (str(uuid_of(kind, key)), language)
        single = said["jsonapi"]["individual"].removeprefix("http://127.0.0.1:8000")
        assert client.get(single).json()["data"]["id"] == entity["uuid"]


def test_paths_are_read_as_people_write_them(vocabulary: object, client: Client) -> None:
    factories.published()
    expected = asked(client, "/fi/palvelut/kielikahvila/")
    for path in (
        "/fi/palvelut/kielikahvila",
        "/palvelut/kielikahvila",
        "/fi/palvelut/kielikahvila/?kunta=049#h-kuvaus",
    ):
        assert asked(client, path) == expected
    swedish = asked(client, "/sv/tjanster/kielikahvila/")
    assert swedish["entity"]["langcode"] == "sv"
    assert asked(client, "/tjanster/kielikahvila/", at="/sv") == swedish


def test_the_front_page_is_home(vocabulary: object, client: Client) -> None:
    for path in ("/", "/fi", "/fi/"):
        said = asked(client, path)
        assert (said["isHomePath"], "entity" in said) == (True, False)


def test_what_shows_no_resource_is_not_found(vocabulary: object, client: Client) -> None:
    factories.published()
    factories.service("luonnos")
    with override("fi"):
        paths = (
            "/fi/palvelut/ei-ole/",
            "/fi/palvelut/luonnos/",
            "/fi/ei-ole/",
            reverse("site:about"),
            reverse("site:services"),
            "/fi/organisaatiot/ei-ole/",
            "/health/",
        )
    for path in paths:
        for at in ("", "/fi", "/sv"):
            assert asked(client, path, 404, at)["message"].startswith("Unable to resolve path"), path


@pytest.mark.parametrize("query", ["", "path=", "path=palvelut", "path=/fi/&x=1"])
def test_what_is_no_path_is_refused(vocabulary: object, client: Client, query: str) -> None:
    answer = client.get(f"/router/translate-path?{query}")
    assert answer.status_code == 400
    assert "parameter" in answer.json()["errors"][0]["source"]
