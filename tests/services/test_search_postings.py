"""The index in the process: what it finds, counts and orders, held against lists of plain Python."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search import facets, matching, order, postings
from services.search.matching import match
from services.search.postings import Index, Record, index_of
from services.search.query import SORTS, ListQuery
from services.search.spelling import Spelling
from services.search.synonyms import speech_of
from services.search.typed import Term
from tests.moment import NOW

TOKENS = ["kurssi", "kieli", "työ", "tuki", "valmennus"]
KEYS = ["need:a", "need:b", "price:free", "price:paid", "municipality:049", "municipality:091"]
TODAY = NOW.date()
SPEECH = speech_of("fi", [])


def record(service: int, tokens: dict[str, int], **values: Any) -> Record:
    plain = Record(
        service=service,
        tokens=" ".join(sorted(tokens)),
        impacts=bytes(tokens[token] for token in sorted(tokens)),
        keys=[],
        boost=0,
        sort_key=f"s{service:03}",
        updated=0,
        starts=[],
    )
    return dataclasses.replace(plain, **values)


records = st.builds(
    record,
    st.integers(1, 12),
    st.dictionaries(st.sampled_from(TOKENS), st.integers(1, 255)),
    keys=st.lists(st.sampled_from(KEYS), unique=True).map(sorted),
    boost=st.integers(0, 10),
    sort_key=st.sampled_from(["a", "b", "c", "d"]),
    updated=st.integers(0, 5),
    starts=st.lists(st.integers(TODAY.toordinal() - 3, TODAY.toordinal() + 3), max_size=3).map(sorted),
)
many = st.lists(records, max_size=8, unique_by=lambda one: one.service)


def nothing(words: Sequence[str]) -> list[int]:
    return []


def picture(index: Index) -> dict[int, Any]:
    """Return all that an index says of each service, and where it stands by each order."""
    said: dict[int, Any] = {}
    starts = index.values.next_starts(TODAY.toordinal())
    for service, number in index.number_of.items():
        tokens = {}
        for token in TOKENS:
            numbers, impacts = index.postings(token)
            tokens[token] = impacts[numbers == number].tolist()
        keys = {
            f"{name}:{value}"
            for name, column in index.facets.items()
            for value in column.counts(np.array([number]))
        }
        said[service] = (tokens, keys, int(index.values.boost[number]), int(starts[number]))
    # What is said of a word's rarity, on which scores rest, is of those that are there, too.
    said[-98] = {token: len(index.postings(token)[0]) for token in TOKENS}
    said[-99] = dict(zip(index.spelling.words, index.spelling.counts, strict=True))
    everything = match(index, [], SPEECH, nothing)
    everything = dataclasses.replace(everything, numbers=np.flatnonzero(index.alive))
    for sort in SORTS:
        numbers = order.first_of(index, everything, everything.numbers, ListQuery(sort=sort), TODAY, None, 99)
        said[-1 - SORTS.index(sort)] = index.values.services[numbers].tolist()
    return said


@given(
    many,
    st.lists(st.tuples(st.sets(st.integers(1, 12), max_size=3), many), max_size=4),
    st.sampled_from([3, postings._APART]),
)
def test_an_index_that_followed_changes_is_the_one_made_of_what_is_left(
    first: list[Record], changes: list[tuple[set[int], list[Record]]], room_for_names: int
) -> None:
    index, left = index_of(first), {one.service: one for one in first}
    for gone, new in changes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postings, "_APART", room_for_names)
            index = index.with_changes(gone, new)
        for service in gone:
            left.pop(service, None)
        left |= {one.service: one for one in new}
    assert picture(index) == picture(index_of(left.values()))
    assert index.total == len(left)


@given(many, st.lists(st.sampled_from(KEYS), unique=True))
def test_counts_are_what_each_value_would_give_with_the_other_filters(
    ones: list[Record], chosen_keys: list[str]
) -> None:
    chosen: dict[str, list[str]] = {}
    for key in chosen_keys:
        chosen.setdefault(key.partition(":")[0], []).append(key.partition(":")[2])

    def has(one: Record, *, but: str = "") -> bool:
        return all(
            any(f"{name}:{value}" in one.keys for value in values)
            for name, values in chosen.items()
            if name != but
        )

    index = index_of(ones)
    hits, counts = facets.narrow(index.facets, np.flatnonzero(index.alive), chosen)
    assert set(index.values.services[hits].tolist()) == {one.service for one in ones if has(one)}
    expected = {
        key: sum(key in one.keys and has(one, but=key.partition(":")[0]) for one in ones) for key in KEYS
    }
    assert counts == {key: count for key, count in expected.items() if count}


@given(many, st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3, unique=True), st.sampled_from(TOKENS))
def test_what_has_all_words_comes_before_what_has_some_and_excluded_words_never_come(
    ones: list[Record], wanted: list[str], unwanted: str
) -> None:
    index = index_of(ones)
    terms = [*(Term((word,)) for word in wanted), Term((unwanted,), wanted=False)]
    found = match(index, terms, SPEECH, nothing)
    services = index.values.services[found.numbers].tolist()
    tokens = {one.service: set(one.tokens.split()) for one in ones}
    assert not any(unwanted in tokens[service] for service in services)
    every = {s for s, have in tokens.items() if set(wanted) <= have and unwanted not in have}
    assert every <= set(services)
    best = order.first_of(index, found, found.numbers, ListQuery(q="x"), TODAY, None, len(every))
    assert set(index.values.services[best].tolist()) == every


def test_a_word_in_a_name_tells_more_than_in_a_text_and_two_together_more_than_apart() -> None:
    index = index_of(
        [
            record(1, {"kieli": 60, "kurssi": 60}),
            record(2, {"kieli": 150, "kurssi": 150}),
            record(3, {"kieli": 150, "kurssi": 150, "kieli+kurssi": 150}),
        ]
    )
    found = match(index, [Term(("kieli",)), Term(("kurssi",))], SPEECH, nothing)
    best = order.first_of(index, found, found.numbers, ListQuery(q="x"), TODAY, None, 3)
    assert index.values.services[best].tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    ("values", "near", "first"),
    [
        ({"boost": 3}, None, 2),
        ({"updated": int(NOW.timestamp())}, None, 2),
        ({"keys": ["municipality:049"]}, "049", 2),
        ({"keys": ["municipality:091"]}, "049", 1),
        ({}, None, 1),
    ],
)
def test_boost_freshness_and_the_readers_municipality_move_a_service_up_a_little(
    values: dict[str, Any], near: str | None, first: int
) -> None:
    index = index_of([record(1, {"työ": 100}), record(2, {"työ": 100}, **values)])
    found = match(index, [Term(("työ",))], SPEECH, nothing)
    best = order.first_of(index, found, found.numbers, ListQuery(q="työ"), TODAY, near, 1)
    assert index.values.services[best].tolist() == [first]


def test_a_service_that_is_everywhere_is_not_nearer_to_anyone() -> None:
    everywhere = [f"municipality:{n:03}" for n in range(60)]
    index = index_of([record(1, {"työ": 100}, keys=everywhere)])
    assert matching.own_weight(index, np.array([0]), 0, "049")["near"].tolist() == [1.0]


SPELLING = Spelling.of(
    {"kielikurssi": 4, "kielikahvila": 2, "työttömyys": 9, "tuki": 3, "tupa": 1, "tuli": 5}
)
NEAR = [
    ("kielikurrsi", ["kielikurssi"]),
    ("kieilkurssi", ["kielikurssi"]),
    ("tyottomyys", ["työttömyys"]),
    ("työttömys", ["työttömyys"]),
    ("tuke", ["tuki"]),
    ("tul", []),
    ("tuki", ["tuli"]),
    ("aivan muuta", []),
]


@pytest.mark.parametrize(("typed", "expected"), NEAR)
def test_words_spelt_nearly_alike(typed: str, expected: list[str]) -> None:
    assert list(SPELLING.near(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("kieli", {"kielikurssi": 6, "kielikahvila": 7}), ("ki", {}), ("tyk", {}), ("tup", {"tupa": 1})],
)
def test_words_that_begin_with_what_was_typed(typed: str, expected: dict[str, int]) -> None:
    assert SPELLING.beginning(typed) == expected


@given(st.text(max_size=30))
def test_whatever_is_typed_has_neighbours_or_none(typed: str) -> None:
    assert set(SPELLING.near(typed)) | set(SPELLING.beginning(typed)) <= set(SPELLING.words)
