"""What public answers depend on, and what they say of themselves to those who may keep them."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from services.models import ServiceVersion
from services.site.caching import DECLARED, Declared, meaningful
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.usefixtures("vocabulary")
PARAMETERS = ("q", "need")
_TEXT = st.text(st.sampled_from("ab \t&=%é"), max_size=6)
_QUERY = st.lists(st.tuples(st.sampled_from(["q", "need", "muu", "utm_source"]), _TEXT), max_size=6)


def query_of(pairs: list[tuple[str, str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query


@given(_QUERY)
def test_a_query_holds_only_what_means_something(pairs: list[tuple[str, str]]) -> None:
    kept = meaningful(query_of(pairs), PARAMETERS)
    assert set(kept) <= set(PARAMETERS)
    assert all(value == " ".join(value.split()) != "" for _name, values in kept.lists() for value in values)
    assert all(len(set(values)) == len(values) for _name, values in kept.lists())
    assert meaningful(kept, PARAMETERS) == kept, "once more changes nothing"
    assert meaningful(QueryDict(kept.urlencode()), PARAMETERS) == kept, "it reads back as it was"


@given(_QUERY, _QUERY)
def test_what_no_view_reads_makes_no_difference(
    pairs: list[tuple[str, str]], strange: list[tuple[str, str]]
) -> None:
    others = [(f"x-{name}", value) for name, value in strange]
    one, other = (meaningful(query_of(found), PARAMETERS) for found in (pairs, others + pairs))
    assert one.urlencode() == other.urlencode()


@pytest.fixture
def published() -> ServiceVersion:
    return factories.published()


@pytest.mark.parametrize("name", ["front", "services", "employers", "municipalities", "about"])
def test_no_page_echoes_a_parameter_that_it_does_not_read(
    client: Client, published: ServiceVersion, name: str
) -> None:
    page = client.get(reverse(f"site:{name}"), {"utm_source": "uutiskirje", "q": ""}).content.decode()
    assert "uutiskirje" not in page
    assert "utm_source" not in page


def declared(response: object) -> Declared:
    found: Declared = response.wsgi_request.META[DECLARED]  # type: ignore[attr-defined]
    return found


def test_a_services_page_depends_on_that_service_and_the_words(
    client: Client, published: ServiceVersion
) -> None:
    number = published.service_id
    response = client.get(reverse("site:service", args=["kielikahvila"]))
    assert declared(response) == Declared(
        ("municipality",), frozenset({f"service-{number}", "vocabulary", "organisation"})
    )
    assert response.headers["Surrogate-Key"] == f"organisation service-{number} vocabulary"


def test_a_page_that_refers_to_a_service_depends_on_it_too(client: Client, published: ServiceVersion) -> None:
    content = factories.document(related=["kielikahvila"])
    other = factories.published("toinen", content)
    page = reverse("site:service", args=["toinen"])
    assert declared(client.get(page)).tags >= {
        f"service-{other.service_id}",
        f"service-{published.service_id}",
    }
    assert "list" not in declared(client.get(page)).tags
    published.service.published.all().delete()
    assert "list" in declared(client.get(page)).tags, "it may come back"


def test_a_list_depends_on_every_service(client: Client, published: ServiceVersion) -> None:
    response = client.get(reverse("site:services"))
    assert declared(response).tags == {"list", "vocabulary", "organisation"}
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_shared_cache_may_keep_answers_for_as_long_as_settings_say(
    client: Client, published: ServiceVersion, settings: object
) -> None:
    settings.SHARED_CACHE_SECONDS = 300  # type: ignore[attr-defined]
    said = client.get(reverse("site:front")).headers["Cache-Control"]
    assert said == "public, max-age=0, must-revalidate, s-maxage=300"


def test_nothing_is_declared_of_a_signed_in_readers_page_nor_of_one_that_is_missing(
    client: Client, published: ServiceVersion
) -> None:
    missing = client.get(reverse("site:service", args=["ei-ole"]))
    assert DECLARED not in missing.wsgi_request.META
    assert "no-store" in missing.headers["Cache-Control"]
    client.force_login(factories.member("partner", "expert"))
    own = client.get(reverse("site:services"))
    assert DECLARED not in own.wsgi_request.META
    assert "Surrogate-Key" not in own.headers
    assert "private" in own.headers["Cache-Control"]
