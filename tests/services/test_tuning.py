"""ICT tunes the search: synonyms, tried before they are saved, and why a result stands where it does."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs import clock
from orgs.models import LogEntry
from services.models import SynonymGroup
from services.search import listing, synonyms
from services.search.query import ListQuery
from services.tuning import groups
from services.tuning.explaining import explain
from services.vocabularies import words
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.fixture
def ict(client: Client) -> Client:
    client.force_login(factories.member("project", "ict_specialist"))
    return client


def named(slug: str, name: str) -> None:
    factories.published(slug, content=factories.document(texts=factories.texts(name=name)))


def found(q: str) -> list[str]:
    return [hit.slug for hit in listing.run(ListQuery(q=q), "fi", clock.today(), words()).hits]


def test_a_group_that_was_added_is_searched_with_at_once() -> None:
    named("raketti", "Rakettikerho")
    assert found("avaruusalus") == []
    by = factories.member("project", "ict_specialist")
    assert groups.change("fi", "", ["Avaruusalus", " rakettikerho "], by=by) == "avaruusalus"
    assert found("avaruusalus") == ["raketti"]
    assert found("avaruusaluksia") == ["raketti"]
    groups.change("fi", "avaruusalus", [], by=by)
    assert found("avaruusalus") == []
    assert LogEntry.objects.filter(event="synonyms_changed").count() == 2


def test_a_shipped_group_is_changed_taken_away_and_given_back() -> None:
    by, key = factories.member("project", "ict_specialist"), next(iter(synonyms.shipped("fi")))
    shipped = synonyms.shipped("fi")[key]
    groups.change("fi", key, [*shipped, "aivan muuta"], by=by)
    assert synonyms.groups(words(), "fi")[key] == [*shipped, "aivan muuta"]
    groups.change("fi", key, [], by=by)
    assert key not in synonyms.groups(words(), "fi")
    groups.change("fi", key, shipped, by=by)
    assert synonyms.groups(words(), "fi")[key] == shipped
    assert not SynonymGroup.objects.exists()


def test_no_one_but_ict_changes_a_group() -> None:
    with pytest.raises(PermissionDenied):
        groups.change("fi", "", ["yksi", "kaksi"], by=factories.member("project", "communications_officer"))
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["yksi"], "Yksi ilmaus ei johda minnekään"),
        (["yksi", "!!!"], "Rivi 2: ilmauksessa ”!!!” ei ole sanaa"),
        (["yksi", "a" * 81], "Rivi 2 on liian pitkä"),
        ([f"sana{n}" for n in range(21)], "Ilmauksia on 21"),
    ],
)
def test_what_makes_no_group_is_refused_with_the_line(lines: list[str], message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        groups.cleaned(lines)


def test_a_second_group_with_the_same_beginning_is_refused() -> None:
    by = factories.member("project", "ict_specialist")
    groups.change("fi", "", ["yksi", "kaksi"], by=by)
    with pytest.raises(ValidationError, match="on jo olemassa"):
        groups.change("fi", "", ["yksi", "kolme"], by=by)


def test_a_group_is_tried_without_saving_and_then_saved(ict: Client) -> None:
    named("raketti", "Rakettikerho")
    page = reverse("tuning:synonym_group_new", args=["fi"])
    sent = {"expressions": "avaruusalus\nrakettikerho", "q": "avaruusalus"}
    tried = ict.post(page, sent | {"try": "1"}).content.decode()
    before, after = tried.split("Tällä ryhmällä")
    assert "Rakettikerho" not in before.split("Mitä koehaku löytää")[1]
    assert "Rakettikerho" in after
    assert not SynonymGroup.objects.exists()
    answer = ict.post(page, sent)
    assert answer.status_code == 302
    assert answer.url == reverse("tuning:synonym_group", args=["fi", "avaruusalus"])  # type: ignore[attr-defined]
    assert "avaruusalus" in ict.get(reverse("tuning:synonyms", args=["fi"]) + "?q=avaruus").content.decode()


def test_a_mistake_stays_in_the_form_with_what_was_written(ict: Client) -> None:
    page = reverse("tuning:synonym_group_new", args=["fi"])
    text = ict.post(page, {"expressions": "yksin"}).content.decode()
    assert "Yksi ilmaus ei johda minnekään" in text
    assert "yksin</textarea>" in text


def test_a_language_or_a_group_that_is_not_there_is_not_found(ict: Client) -> None:
    assert ict.get(reverse("tuning:synonyms", args=["xx"])).status_code == 404
    assert ict.get(reverse("tuning:synonym_group", args=["fi", "ei ole"])).status_code == 404


def test_the_parts_of_a_score_make_the_score_and_the_order_is_that_of_the_list() -> None:
    named("yksi", "Rakettikerho")
    named("kaksi", "Raketti ja kerho")
    named("kolme", "Kerho")
    corpus = listing.corpus_of("fi", words())
    for q in ("raketti", "raketti kerho", "rakettti", "kerho -raketti", '"raketti ja kerho"'):
        explanation = explain(corpus, q, clock.today(), "049")
        assert explanation.hits
        for hit in explanation.hits:
            made = sum(part.score for part in hit.parts) + hit.together
            for weight in hit.weights.values():
                made *= weight
            # Services with all words stand above the others by the greatest score of those.
            assert hit.score == pytest.approx(made, rel=1e-4) or explanation.all_terms is not None
            assert any(part.found_by for part in hit.parts)
        listed = listing.run(ListQuery(q=q), "fi", clock.today(), words(), near="049").hits
        assert [row.service_id for row in listed] == [hit.service for hit in explanation.hits]


def test_the_page_explains_what_a_word_was_found_by(ict: Client) -> None:
    named("yksi", "Rakettikerho")
    text = ict.get(reverse("tuning:search") + "?q=raketilla&language=fi&near=049").content.decode()
    assert "Rakettikerho" in text
    assert "<small>raketti</small>" in text
    for odd in ("?q=%00", "?q=x&language=xx", "?q=x&near=x", "?q=" + "a" * 300):
        assert ict.get(reverse("tuning:search") + odd).status_code == 200
