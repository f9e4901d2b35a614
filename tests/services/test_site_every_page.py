"""What holds for every public page."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.models import Term
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, address, elements, html, public_addresses

# Nothing but these may be read for someone who has not signed in.
PUBLIC_TABLES = {
    "services_publishedservice",
    "services_place",
    "services_place_accessibility",
    "services_term",
    "services_synonymgroup",
    "orgs_organisation",
    "orgs_municipality",
    "orgs_organisation_municipalities",
    "orgs_organisation_partners",
}


@pytest.fixture(autouse=True)
def _content(vocabulary: dict[tuple[str, str], Term]) -> None:
    factories.published()


def pages(language: str = "en") -> list[str]:
    return public_addresses(language, "kielikahvila", "espoo", "espoo")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_title_a_language_one_heading_and_landmarks(client: Client, language: str) -> None:
    for path in pages(language):
        page = html(client, path)
        tags = [element.tag for element in elements(page)]
        assert elements(page, "html")[0].attributes["lang"] == language
        assert tags.count("h1") == 1, path
        assert tags.count("main") == 1, path
        assert page.index('class="skip"') < page.index("<header"), path
        assert "<title> –" not in page.replace("\n", ""), path
        assert all(nav.attributes.get("aria-label") for nav in elements(page, "nav")), path


def test_headings_skip_no_level(client: Client) -> None:
    for path in pages():
        levels = [int(e.tag[1]) for e in elements(html(client, path)) if e.tag in ("h1", "h2", "h3", "h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (
            path,
            levels,
        )


def test_ids_are_unique(client: Client) -> None:
    for path in pages():
        ids = [e.attributes["id"] for e in elements(html(client, path)) if "id" in e.attributes]
        assert len(ids) == len(set(ids)), path


def test_no_page_has_inline_scripts_styles_or_handlers(client: Client) -> None:
    for path in pages():
        for element in elements(html(client, path)):
            assert element.tag != "style", path
            assert element.tag != "script" or element.attributes.get("src"), path
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")], path


def test_every_page_names_itself_and_its_other_languages(client: Client) -> None:
    for path in pages():
        links = elements(html(client, path), "link")
        canonical = [link for link in links if link.attributes.get("rel") == "canonical"]
        alternates = {
            link.attributes["hreflang"] for link in links if link.attributes.get("rel") == "alternate"
        }
        assert len(canonical) == 1, path
        assert alternates == set(LANGUAGES), path


def test_a_language_link_leads_to_the_same_page_with_the_same_search(client: Client) -> None:
    page = html(client, address("services", query="?q=suomi&need=language_skills"))
    links = {
        element.attributes.get("lang"): element.attributes["href"]
        for element in elements(page, "a")
        if "hreflang" in element.attributes
    }
    assert links["sv"] == address("services", language="sv", query="?q=suomi&need=language_skills")
    assert html(client, str(links["sv"]))


def test_public_pages_may_be_kept_by_everyone_for_a_minute(client: Client) -> None:
    for path in pages():
        assert client.get(path).headers["Cache-Control"] == "public, max-age=0, must-revalidate", path
        assert not client.get(path).cookies, path


def test_pages_of_the_signed_in_are_private_and_carry_their_name(client: Client) -> None:
    person = factories.UserFactory(full_name="Aino Neuvonen")
    client.force_login(person)
    for path in pages():
        answer = client.get(path)
        assert "private" in answer.headers["Cache-Control"], path
        assert "Aino Neuvonen" in answer.content.decode(), path


def test_visitors_read_public_tables_only(client: Client) -> None:
    for language in LANGUAGES:
        privacy = address("privacy", language=language)
        for path in pages(language):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            for query in queries.captured_queries:
                words = query["sql"].split('"')
                tables = {word.split(".")[0] for word in words if word.startswith(("services_", "orgs_"))}
                # How long an account lasts is a term of the agreement, and the law has it told.
                assert tables <= PUBLIC_TABLES | ({"orgs_agreedterms"} if path == privacy else set()), query[
                    "sql"
                ]


def test_internal_texts_are_on_no_page(client: Client) -> None:
    internal = factories.document()["internal"]["texts"]["fi"].values()
    for language in LANGUAGES:
        for path in pages(language):
            page = html(client, path)
            assert not [text for text in internal if text.removeprefix("<p>").removesuffix("</p>") in page]


def test_only_demo_pages_say_that_the_content_is_invented(client: Client, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "Demo content." in html(client, address("front"))
    settings.DEMO = False  # type: ignore[attr-defined]
    assert "Demo content." not in html(client, address("front"))


def test_addresses_have_words_of_their_own_in_each_language() -> None:
    assert address("services", language="fi") == "/fi/palvelut/"
    assert address("services", language="sv") == "/sv/tjanster/"
    assert address("services", language="en") == "/en/services/"


@pytest.mark.parametrize(
    ("accepted", "path"), [("sv-FI,sv;q=0.9", "/sv/"), ("en", "/en/"), ("de", "/fi/"), ("", "/fi/")]
)
def test_the_door_leads_to_the_language_of_the_browser(client: Client, accepted: str, path: str) -> None:
    answer = client.get("/", headers={"accept-language": accepted})
    assert answer.status_code == 302
    assert answer.headers["Location"] == path
    assert "Accept-Language" in answer.headers["Vary"]


def test_search_engines_get_a_map_of_every_page_in_every_language(client: Client) -> None:
    text = client.get("/sitemap.xml").content.decode()
    for language in LANGUAGES:
        assert f"{address('service', 'kielikahvila', language=language)}</loc>" in text
    assert 'hreflang="sv"' in text
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /fi/hallinta/" in robots
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
