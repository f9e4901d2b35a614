"""Suggestions: what someone who began to type may be after. Pure over the index and the words.

Services by the words of their names, then categories, situations and needs, municipalities and
organisers by theirs, and words that texts have. Every word that was typed must begin one of them.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.search.filters import FILTERS
from services.search.postings import Index, Numbers
from services.texts import words as cut
from services.texts.tokens import NAME
from services.vocabularies import Words

SHORTEST = 3  # letters that were typed
_MOST_SERVICES, _MOST_VALUES, _MOST_WORDS = 5, 5, 4
_MOST_TOKENS = 200  # words of names that begin with what was typed
_GROUPS = (
    ("subject", ("category", "life_situation", "need")),
    ("place", ("municipality",)),
    ("organisation", ("organisation",)),
)


@dataclass(frozen=True)
class Value:
    """A value of a filter, its label, and how many services have it."""

    parameter: str
    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Suggestions:
    """Services by their ids, values of filters by group, and what one may go on to type."""

    services: Sequence[int]
    values: dict[str, list[Value]]
    typed: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.services or self.values or self.typed)


def suggestions(index: Index, q: str, language: str, words: Words) -> Suggestions:
    """Return what begins with the words of `q`; nothing for fewer letters than SHORTEST."""
    ones = cut.words_of(q)
    if len("".join(ones)) < SHORTEST:
        return Suggestions([], {}, [])
    values = {}
    for group, parameters in _GROUPS:
        if found := list(_values(index, parameters, ones, language, words))[:_MOST_VALUES]:
            values[group] = found
    return Suggestions(_services(index, ones), values, _typed(index, ones))


def _services(index: Index, ones: Sequence[str]) -> list[int]:
    """Return the services in whose names each word begins one; those that begin with it, first."""
    found = _named(index, ones[0])
    for one in ones[1:]:
        found = np.intersect1d(found, _named(index, one))
    found = found[index.alive[found]]
    order = np.lexsort((index.alphabet[found], -index.values.boost[found]))
    return [int(service) for service in index.values.services[found[order[:_MOST_SERVICES]]]]


def _named(index: Index, beginning: str) -> Numbers:
    tokens = _beginning(index.name_words, NAME + beginning)[:_MOST_TOKENS]
    numbers = [index.postings(token)[0] for token in tokens]
    return np.unique(np.concatenate(numbers)) if numbers else np.empty(0, np.int64)


def _beginning(ordered: list[str], beginning: str) -> list[str]:
    first = bisect_left(ordered, beginning)
    return ordered[first : bisect_left(ordered, beginning + "\U0010ffff", first)]


def _values(
    index: Index, parameters: Sequence[str], ones: Sequence[str], language: str, words: Words
) -> Iterator[Value]:
    """Return the values whose labels have a word that begins with each; those that services have."""
    for parameter in parameters:
        counts = index.counts[parameter]
        for key, label, parts in _labels(words, parameter, language):
            if counts.get(key) and all(any(part.startswith(one) for part in parts) for one in ones):
                yield Value(parameter, key, label, counts[key])


@lru_cache(maxsize=64)
def _labels(words: Words, parameter: str, language: str) -> list[tuple[str, str, list[str]]]:
    one = FILTERS[parameter]
    labels = ((key, one.choice(key, language, words)) for key in one.values(words))
    return [(key, label, cut.words_of(label)) for key, label in labels]


def _typed(index: Index, ones: Sequence[str]) -> list[str]:
    """Return what was typed with its last word finished, or mended where nothing goes on like it."""
    spelling = index.spelling
    last = spelling.beginning(ones[-1]) or spelling.near(ones[-1])
    whole = [" ".join([*ones[:-1], one]) for one in last]
    return [one for one in whole if one != " ".join(ones)][:_MOST_WORDS]
