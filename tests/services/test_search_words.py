"""Search by words: Finnish by base forms and parts of compounds, each text in its own language."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from orgs import clock
from services.search import listing, marking, synonyms, typed
from services.search.query import ListQuery
from services.search.typed import Term
from services.texts import finnish, tokens, words
from services.texts.tokens import tokens_of
from services.vocabularies import load
from tests import factories

WORDS = [
    ("kielikurssi", ("kielikurssi",), ("kieli", "kurssi")),
    ("Kursseille", ("kurssi",), ()),
    ("suomen", ("suomi",), ()),
    ("lomauttaminen", ("lomauttaa",), ()),
    ("lomautus", ("lomautus",), ("lomauttaa",)),
    ("uraohjausta", ("uraohjaus",), ("ohjata", "ura")),
    ("palkkatuella", ("palkkatuki",), ("palkka", "tuki")),
    ("yt-neuvottelut", ("yt-neuvottelu",), ()),
    ("Raaseporissa", ("raasepori",), ()),
    ("s2", (), ()),
]


@pytest.mark.parametrize(
    "text", ["opetus" * 15, "oman" * 9, "oman" * 6, "vähän" * 5, "laki" * 6, "ottolaki" * 10]
)
def test_no_word_made_of_words_holds_the_interpreter(text: str) -> None:
    """Ways of cutting such a word multiply with each part; a visitor may type it, a writer write it."""
    finnish.word("sana")  # the dictionary has been read
    finnish.word.cache_clear()
    began = time.process_time()
    finnish.word(text)
    assert time.process_time() - began < 0.5


def test_a_longer_word_is_found_as_it_is_written() -> None:
    long = "liiketoimintasuunnitelmastasi"
    assert finnish.word(long) == finnish.Word()
    assert long in tokens_of([("D", "fi", long)]).text.split()


@pytest.mark.parametrize(("text", "bases", "parts"), WORDS)
def test_what_a_finnish_word_is(text: str, bases: tuple[str, ...], parts: tuple[str, ...]) -> None:
    found = finnish.word(text.casefold())
    assert set(bases) <= set(found.bases)
    assert bool(found.bases) == bool(bases)
    assert set(parts) <= set(found.parts)


@given(st.text(max_size=60))
def test_any_text_is_analysed_and_always_alike(text: str) -> None:
    first = tokens_of([("A", "fi", text)])
    finnish.word.cache_clear()
    tokens.alike.cache_clear()
    assert tokens_of([("A", "fi", text)]) == first
    assert len(first.text.split()) == len(first.impacts)


def test_words_are_analysed_alike_in_many_threads() -> None:
    texts = [text.casefold() for text, _bases, _parts in WORDS] * 20
    finnish.word.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(finnish.word, texts))
    assert found == [finnish.word(text) for text in texts]


TYPED = [
    ("suomen kurssi", [Term(("suomen",)), Term(("kurssi",))]),
    ('"suomen kurssi" -verkko', [Term(("suomen", "kurssi")), Term(("verkko",), wanted=False)]),
    ("työ ja opiskelu", [Term(("työ",)), Term(("opiskelu",))]),
    ("ja", [Term(("ja",))]),
    ('"', []),
    ("- -- & | ! :* ()", []),
    ("”S2”", [Term(("s2",))]),
    ("yt-neuvottelut", [Term(("yt-neuvottelut",))]),
    ('"auki', [Term(("auki",))]),
]


@pytest.mark.parametrize(("text", "expected"), TYPED)
def test_what_is_typed_is_words_phrases_and_exclusions(text: str, expected: list[Term]) -> None:
    assert typed.terms_of(text, "fi") == expected


@given(st.text(max_size=400))
def test_whatever_is_typed_gives_a_bounded_number_of_terms(text: str) -> None:
    assert len(typed.terms_of(text, "fi")) <= 24


MARKED = [
    ("Kielikurssi alkaa", "fi", ["kurssi"], "<mark>Kielikurssi</mark> alkaa"),
    ("Kursseja ja <b>kahvia</b>", "fi", ["kurssi"], "<mark>Kursseja</mark> ja &lt;b&gt;kahvia&lt;/b&gt;"),
    ("Kurser i svenska", "sv", ["kurs"], "<mark>Kurser</mark> i svenska"),
    ("Courses", "en", ["course"], "<mark>Courses</mark>"),
    ("Ei mitään", "fi", [], "Ei mitään"),
]


@pytest.mark.parametrize(("text", "language", "wanted", "expected"), MARKED)
def test_what_matched_is_marked(text: str, language: str, wanted: list[str], expected: str) -> None:
    assert marking.marked(text, language, wanted) == expected


def test_a_snippet_shows_where_a_text_matched_and_nothing_else_of_a_long_one() -> None:
    text = "Alku " * 40 + "Harjoittelet <b>haastatteluja</b> ohjaajan kanssa. " + "Loppu " * 40
    found = marking.snippet(text, "fi", ["haastattelu"])
    assert "&lt;b&gt;<mark>haastatteluja</mark>&lt;/b&gt; ohjaajan kanssa." in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert len(found) < 300
    assert marking.snippet("Haastattelu alkaa", "fi", ["haastattelu"]) == "<mark>Haastattelu</mark> alkaa"
    assert marking.snippet(text, "fi", ["raketti"]) == ""


@given(st.text(max_size=400), st.text(max_size=10))
def test_a_snippet_of_any_text_holds_no_markup_of_its_own(text: str, word: str) -> None:
    found = marking.snippet(text, "fi", [word])
    assert "<" not in found.replace("<mark>", "").replace("</mark>", "")


# Services of the tests below: what each is called, in Finnish and perhaps in Swedish.
NAMES: dict[str, tuple[str, str | None]] = {
    "kielikurssi": ("Kielikurssi maahanmuuttajille", "Språkkurs för invandrare"),
    "suomi": ("Suomen kielen alkeet", None),
    "ohjaus": ("Uraohjausta Raaseporissa", None),
    "palkkatuki": ("Palkkatuen neuvonta", "Råd om lönesubvention"),
    "lomautus": ("Apua, kun yritys lomauttaa", None),
}


@pytest.fixture
def named(vocabulary: object) -> None:
    for slug, (finnish_name, swedish_name) in NAMES.items():
        texts = {"fi": finnish_name} | ({"sv": swedish_name} if swedish_name else {})
        factories.published(slug, content=plain_content(texts))


def plain_content(names: dict[str, str]) -> Any:
    """Return a service that says nothing but its name."""
    content: Any = factories.document()
    content["public"] |= {"organiser": "espoo", "producers": ["espoo"], "categories": ["rehabilitative_work"]}
    content["public"] |= {"needs": ["daily_life"], "life_situations": ["over_55"]}
    finnish_texts = content["public"]["texts"]["fi"]
    for key, value in finnish_texts.items():
        finnish_texts[key] = "<p>Tule mukaan.</p>" if value.startswith("<") else "Tule mukaan."
    finnish_texts["participation"] = "<ol><li><h3>Tule</h3><p>Mukaan.</p></li></ol>"
    for language, name in names.items():
        content["public"]["texts"][language] = finnish_texts | {"name": name}
    return content


def found(q: str, language: str = "fi") -> set[str]:
    result = listing.run(ListQuery(q=q), language, clock.today(), load())
    return {hit.slug for hit in result.hits[: result.all_words]}


FOUND = [
    ("kurssi", {"kielikurssi"}),
    ("kurssille", {"kielikurssi"}),
    ("kieli", {"kielikurssi", "suomi"}),
    ("suomi", {"suomi"}),
    ("suomea", {"suomi"}),
    ("raasepori", {"ohjaus"}),
    ("ohjaus", {"ohjaus"}),
    ("lomautus", {"lomautus"}),
    ("yrityksen lomautukset", {"lomautus"}),
    ("tuki", {"palkkatuki"}),
    ("palkan tuki", {"palkkatuki"}),
    ("lomauttaminen", {"lomautus"}),
    ("kielen kurssi", {"kielikurssi"}),
    ("kieli -suomi", {"kielikurssi"}),
    ('"suomen kielen"', {"suomi"}),
    ('"kielen suomen"', set()),
    ("kurssi ja kieli", {"kielikurssi"}),
]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("q", "slugs"), FOUND)
def test_services_are_found_by_the_words_of_their_names(q: str, slugs: set[str]) -> None:
    names = set(NAMES)
    assert found(q) & names == slugs


@pytest.mark.usefixtures("named")
def test_a_text_keeps_its_language_on_every_page() -> None:
    """What has no Swedish version is found on Swedish pages by Finnish words, what has one by Swedish."""
    assert "suomi" in found("kieli", "sv")
    assert "kielikurssi" in found("språkkurser", "sv")
    assert "kielikurssi" not in found("maahanmuuttaja", "sv")


@pytest.mark.usefixtures("named")
def test_where_no_service_has_all_the_words_those_with_some_are_shown() -> None:
    result = listing.run(ListQuery(q="palkkatuki raketti"), "fi", clock.today(), load())
    assert result.all_words == 0
    assert "palkkatuki" in {hit.slug for hit in result.hits}
    counted = {choice.key: choice.count for facet in result.facets for choice in facet.choices}
    assert counted["free"] == result.total


@pytest.mark.usefixtures("named")
def test_a_word_is_found_by_another_of_its_meaning_after_the_word_itself() -> None:
    factories.published("potkut", content=plain_content({"fi": "Potkut ja sitten"}))
    result = listing.run(ListQuery(q="potkut"), "fi", clock.today(), load())
    factories.published("irtisanottu", content=plain_content({"fi": "Irtisanotun opas"}))
    wider = listing.run(ListQuery(q="potkut"), "fi", clock.today(), load())
    assert [hit.slug for hit in result.hits][:1] == ["potkut"]
    assert [hit.slug for hit in wider.hits][:2] == ["potkut", "irtisanottu"]
    assert wider.total == result.total + 1


@pytest.mark.usefixtures("named")
def test_what_is_to_be_left_out_is_only_the_word_itself() -> None:
    factories.published("irtisanottu", content=plain_content({"fi": "Irtisanotun opas"}))
    assert "irtisanottu" in found("opas -potkut")


def test_the_groups_of_synonyms_are_many_and_no_word_leads_to_itself() -> None:
    groups = json.loads((settings.BASE_DIR / "services" / "data" / "synonyms.json").read_bytes())
    assert sum(map(len, groups.values())) >= 150
    for language, rows in groups.items():
        speech = synonyms.speech_of(language, rows)
        for group in rows:
            assert len(set(group)) == len(group) > 1, group
            for expression in group:
                cut = words.words_of(expression)
                if len(cut) == 1:
                    assert (cut[0],) not in speech.others_of((cut[0],))


@pytest.mark.usefixtures("named")
def test_publishing_shows_up_in_search_at_once() -> None:
    assert found("avaruusleiri") == set()
    factories.published("avaruus", content=plain_content({"fi": "Avaruusleirit"}))
    assert found("avaruusleiri") == {"avaruus"}
