"""The list: hits, and counts that say what one would get."""

import random
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs import clock
from services import generated
from services.exchange.importing import import_file
from services.models import PublishedService
from services.search import filters, listing
from services.search.query import ListQuery
from services.vocabularies import load
from tests import factories
from tests.thoroughness import rounds

pytestmark = pytest.mark.usefixtures("vocabulary")


def generate(count: int) -> None:
    report = import_file(factories.exchange_file(*generated.generate(count, load())))
    assert not report.refused


def run(address: str = "", language: str = "fi") -> listing.Listing:
    words = load()
    query, _ignored = ListQuery.read(QueryDict(address), filters.known_values(words))
    return listing.run(query, language, clock.today(), words)


def counts(found: listing.Listing) -> dict[tuple[str, str], int]:
    return {(facet.parameter, choice.key): choice.count for facet in found.facets for choice in facet.choices}


def keys_of_all() -> list[set[str]]:
    return [
        set(keys) for keys in PublishedService.objects.filter(language="fi").values_list("keys", flat=True)
    ]


@pytest.mark.usefixtures("generated_services")
@pytest.mark.parametrize("seed", range(8))
def test_each_count_is_what_one_would_get_with_the_other_filters_applied(seed: int) -> None:
    chance = random.Random(seed)
    known = filters.known_values(load())
    selected = {
        name: tuple(chance.sample(known[name], min(len(known[name]), chance.randint(1, 3))))
        for name in chance.sample(sorted(known), chance.randint(0, 4))
    }
    query = ListQuery(selected=selected)
    found = listing.run(query, "fi", clock.today(), load())

    def matches(keys: set[str], but: str | None = None) -> bool:
        return all(keys & {f"{n}:{v}" for v in values} for n, values in selected.items() if n != but)

    assert found.total == sum(matches(keys) for keys in keys_of_all())
    for (parameter, key), count in counts(found).items():
        expected = sum(f"{parameter}:{key}" in k and matches(k, but=parameter) for k in keys_of_all())
        assert count == expected, (parameter, key)


@pytest.mark.usefixtures("generated_services")
def test_several_values_of_one_filter_widen_and_filters_together_narrow() -> None:
    one = run("need=education").total
    two = run("need=education&need=work_ability").total
    both = run("need=education&need=work_ability&price=paid").total
    assert one < two
    assert both < two


@pytest.mark.usefixtures("generated_services")
def test_words_are_found_in_their_inflected_forms_and_marked() -> None:
    found = run("q=kurssit")
    assert found.total > 0
    assert "<mark>kurssi</mark>" in found.marks[found.hits[0].service_id].name


def test_where_a_word_matched_is_shown_once_in_the_name_the_summary_or_else_in_another_text() -> None:
    texts = {
        "nimessa": {
            "name": "Vuorovaikutus",
            "summary": "Tukea.",
            "description": "<p>Vuorovaikutus auttaa.</p>",
        },
        "tiivistelmassa": {
            "name": "A",
            "summary": "Vuorovaikutus.",
            "description": "<p>Vuorovaikutus auttaa.</p>",
        },
        "kuvauksessa": {"name": "B", "summary": "Tukea.", "description": "<p>Vuorovaikutus auttaa.</p>"},
    }
    for slug, own in texts.items():
        factories.published(slug, content=factories.document(texts=factories.texts(**own)))
    found = run("q=vuorovaikutus")
    marks = {hit.slug: found.marks[hit.service_id] for hit in found.hits}
    assert {
        slug: ("<mark>" in one.name, "<mark>" in one.summary, bool(one.where)) for slug, one in marks.items()
    } == {
        "nimessa": (True, False, False),
        "tiivistelmassa": (False, True, False),
        "kuvauksessa": (False, False, True),
    }
    assert "<mark>Vuorovaikutus</mark> auttaa." in marks["kuvauksessa"].where["text"]


@pytest.mark.usefixtures("generated_services")
def test_the_order_is_the_one_asked_for() -> None:
    names = [hit.sort_key for hit in run("sort=name").hits]
    assert names == sorted(names)
    starts = [min(day for day in hit.starts if day >= clock.today()) for hit in run("sort=soonest").hits]
    assert starts == sorted(starts)
    days = [hit.published_at for hit in run("sort=updated").hits]
    assert days == sorted(days, reverse=True)


def test_pages_hold_every_service_once_and_a_page_too_far_is_the_last(generated_services: int) -> None:
    pages = [run(f"sort=name&page={number}") for number in (1, 2, 3)]
    slugs = [hit.slug for page in pages for hit in page.hits]
    assert len(set(slugs)) == len(slugs) == generated_services
    assert run("page=99").page == pages[0].pages == 3


@pytest.mark.usefixtures("generated_services")
@settings(max_examples=rounds(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    listing.run(ListQuery(q=" ".join(typed.replace("\x00", "").split())), "fi", clock.today(), load())


@pytest.mark.parametrize(
    "typed", ["a & | !", "'); DROP TABLE x; --", '"', "-", ":*", "\\", "a:b <-> c", "%s {x}"]
)
def test_search_syntax_and_quotes_are_only_words(typed: str) -> None:
    assert run(f"q={typed}").total == 0


def test_the_list_asks_as_much_for_many_services_as_for_few(
    generated_services: int, django_assert_num_queries: Any
) -> None:
    words = load()
    query = ListQuery(q="kurssi", selected={"need": ("education",)})
    for number in (generated_services, 2 * generated_services):
        if number > generated_services:
            generate(number)
        listing.run(query, "fi", clock.today(), words)  # the process holds an index now
        with django_assert_num_queries(2):
            listing.run(query, "fi", clock.today(), words)
