"""Two tracks of one document: what is done to one part leaves the others alone."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services import documents, tracks
from services.fields import Document
from services.tracks import INTERNAL, PUBLIC, Part, Track
from tests import factories

_LANGUAGES = ("fi", "sv", "en")
_LINKS = ("5f0f2c8e-0000-4000-8000-00000000000a", "5f0f2c8e-0000-4000-8000-00000000000b")
_WORDS = st.sampled_from(["ennen", "nyt"])
_TEXTS = st.dictionaries(st.sampled_from(_LANGUAGES), _WORDS)


@st.composite
def written(draw: st.DrawFn) -> Document:
    """Return documents that differ in every kind of place: texts, values, lists, municipalities' parts."""
    document = factories.document(price=draw(st.sampled_from([None, "5.00"])))
    document["public"]["texts"] = {code: {"name": word} for code, word in draw(_TEXTS).items()}
    document["public"]["links"] = links(draw)
    document["internal"]["links"] = links(draw)
    document["internal"]["texts"] = {code: {"guidance": word} for code, word in draw(_TEXTS).items()}
    codes = st.sampled_from(["049", "091"])
    document["internal"]["municipal"] = draw(
        st.dictionaries(codes, _WORDS.map(lambda word: {"fi": {"guidance": word}}))
    )
    document["editors"]["search_boost"] = draw(st.sampled_from([0, 3]))
    return document


def links(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = draw(st.lists(st.sampled_from(_LINKS), unique=True))
    return [{"id": one, "url": "https://a.example/", "title": draw(_TEXTS)} for one in found]


PARTS = st.sets(st.sampled_from([PUBLIC, INTERNAL, tracks.municipal("049"), tracks.municipal("091")]))
CARRIED = st.sets(st.sampled_from(_LANGUAGES), min_size=1)


def test_every_path_lies_in_one_part() -> None:
    assert tracks.part_of(("public", "price")) == PUBLIC
    assert tracks.part_of(("internal", "texts", "fi", "guidance")) == INTERNAL
    assert tracks.part_of(("editors", "search_boost")) == INTERNAL
    own = documents.municipal_text("049", "fi", "guidance")
    assert tracks.part_of(own) == Part(Track.MUNICIPAL, "049")


@given(written(), written(), PARTS, CARRIED)
def test_only_the_parts_named_are_published(
    working: Document, published: Document, parts: set[Part], languages: set[str]
) -> None:
    composed = tracks.composed(working, published, parts, languages)
    assert tracks.changed(published, composed) <= parts
    for part in parts - {PUBLIC}:
        assert not tracks.diff(composed, working, part), "instructions go as they are written"


@given(written(), written(), CARRIED)
def test_what_is_left_of_a_public_draft_is_words_in_other_languages(
    working: Document, published: Document, languages: set[str]
) -> None:
    composed = tracks.composed(working, published, [PUBLIC], languages)
    left = tracks.diff(composed, working, PUBLIC)
    assert {documents.language_of(path) for path in left}.isdisjoint({None, *languages})


@given(written(), written(), PARTS, CARRIED)
def test_all_that_differs_is_published_or_is_still_a_draft(
    working: Document, published: Document, parts: set[Part], languages: set[str]
) -> None:
    composed = tracks.composed(working, published, parts, languages)
    after = documents.diff(published, composed) | documents.diff(composed, working)
    assert set(documents.diff(published, working)) <= set(after)


@given(written(), written(), st.sampled_from([PUBLIC, INTERNAL, tracks.municipal("049")]), CARRIED)
def test_withdrawing_a_part_gives_up_what_publishing_it_would_have_changed(
    working: Document, published: Document, part: Part, languages: set[str]
) -> None:
    left = tracks.without(working, published, part, languages)
    assert not tracks.diff(published, tracks.composed(left, published, [part], languages), part)
    assert tracks.changed(working, left) <= {part}
    for other in set(_LANGUAGES) - languages:
        kept = left["public"]["texts"].get(other) == working["public"]["texts"].get(other)
        assert kept or part != PUBLIC


@given(written(), written(), st.permutations([PUBLIC, INTERNAL, tracks.municipal("049")]))
def test_parts_published_one_after_another_make_what_they_make_together(
    working: Document, published: Document, order: list[Part]
) -> None:
    languages = working["public"]["texts"].keys() | published["public"]["texts"].keys() | {"fi"}
    together = tracks.composed(working, published, order, languages)
    step = published
    for part in order:
        step = tracks.composed(working, step, [part], languages)
    assert step == together


def test_a_first_version_has_the_parts_that_it_is_given_and_nothing_else() -> None:
    working = factories.document()
    working["internal"]["municipal"] = {"049": {"fi": {"guidance": "Espoossa"}}}
    composed = tracks.composed(working, None, [PUBLIC, INTERNAL], ["fi"])
    assert composed["internal"]["texts"] == working["internal"]["texts"]
    assert composed["internal"]["municipal"] == {}, "that is the municipality's to publish"
    whole = tracks.composed(working, None, tracks.all_parts(working), ["fi"])
    assert whole == working


def test_values_that_differ_are_told_by_part() -> None:
    old, new = factories.document(), factories.document(price="7.00")
    new["internal"]["archiving"] = True
    for part, path in ((PUBLIC, ("public", "price")), (INTERNAL, ("internal", "archiving"))):
        assert list(tracks.diff(old, new, part)) == [path]
    assert tracks.changed(old, new) == {PUBLIC, INTERNAL}
    assert not list(itertools.chain(tracks.diff(new, new, PUBLIC), tracks.changed(new, new)))
