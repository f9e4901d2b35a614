"""Help in choosing: a few questions, services with reasons, and a list to take along."""

import re

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.search import guiding, listing
from services.search.filters import known_values
from services.search.guiding import QUESTIONS, Reason
from services.search.query import ListQuery
from services.vocabularies import load
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, html
from tests.thoroughness import rounds

pytestmark = pytest.mark.usefixtures("vocabulary")


def guide(client: Client, query: str = "") -> str:
    return html(client, address("guide", language="fi", query=query))


def test_questions_follow_each_other_and_carry_the_answers(client: Client) -> None:
    factories.published()
    first = guide(client)
    assert "kysymys 1/6" in first
    assert 'name="audience" value="job_seeker"' in first
    second = guide(client, "?audience=job_seeker&step=2")
    assert '<input type="hidden" name="audience" value="job_seeker">' in second
    assert '<input type="hidden" name="step" value="3">' in second
    assert "Apua valintaan" in second


def test_only_answers_that_find_something_are_offered(client: Client) -> None:
    factories.published(content=factories.document(needs=["daily_life"]))
    third = guide(client, "?step=3")
    assert re.findall(r'name="need" value="(\w+)"', third) == ["daily_life"]


def test_results_tell_why_each_service_suits(client: Client) -> None:
    factories.published(
        content=factories.document(
            needs=["daily_life"], any_municipality=False, municipalities=["049"],
            all_ages=False, age_min=18, age_max=29, paid=False,
        )
    )  # fmt: skip
    page = guide(client, "?need=daily_life&municipality=049&language=fi&step=7")
    assert "Kunnan asukkaille: Espoo" in page
    assert "Enintään 29-vuotiaille" in page
    assert "Maksuton" in page
    assert 'name="s" value="kielikahvila"' in page


def test_answers_that_leave_nothing_are_let_go_and_the_reader_is_told(client: Client) -> None:
    factories.published(content=factories.document(needs=["daily_life"], delivery=["remote"]))
    words = load()
    corpus = listing.corpus_of("fi", words)
    nothing = ListQuery(selected={"need": ("education",), "how": ("workplace",)})
    found = guiding.answered(nothing, corpus)
    assert found.let_go == ["how", "need"]
    assert listing.total(found.query, corpus) == 1
    assert "Mikään ei sovi kaikkiin vastauksiin." in guide(client, "?need=education&step=7")


@settings(max_examples=rounds(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_address_is_an_error(client: Client, query: str) -> None:
    assert client.get(address("guide"), QueryDict(query, mutable=True)).status_code == 200
    assert client.get(address("favourites"), {"s": query}).status_code == 200


def test_the_last_question_leads_to_results_and_steps_beyond_are_the_last(client: Client) -> None:
    factories.published()
    assert f"kysymys {len(QUESTIONS)}/{len(QUESTIONS)}" in guide(client, f"?step={len(QUESTIONS)}")
    assert "Nämä voivat sopia" in guide(client, "?step=99")
    assert "kysymys 1/6" in guide(client, "?step=-3")


def test_reasons_are_those_asked_for_before_those_besides() -> None:
    factories.published(content=factories.document(needs=["daily_life"], paid=False))
    words = load()
    query, _ignored = ListQuery.read(QueryDict("need=daily_life"), known_values(words))
    row = listing.rows_of(list(listing.corpus_of("fi", words).index.number_of), "fi")[0]
    found = guiding.reasons(row.document, query)
    assert [one.kind for one in found if one.asked] == ["need"]
    assert Reason("free", asked=False) in found


def test_a_list_stands_in_the_address_and_what_is_gone_is_told(client: Client) -> None:
    factories.published("yksi", content=factories.document(texts=factories.texts(name="Yksi")))
    factories.published("kaksi", content=factories.document(texts=factories.texts(name="Kaksi")))
    page = html(client, address("favourites", language="fi", query="?s=kaksi&s=yksi&s=poissa&s=kaksi"))
    assert page.index(">Kaksi") < page.index(">Yksi")
    assert "Listan palveluista 1 ei ole enää julkaistuna." in page
    assert 'href="/fi/oma-lista/?s=yksi"' in page
    assert "Lista on tyhjä" in html(client, address("favourites", language="fi"))
