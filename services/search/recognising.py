"""Recognising: what was typed that is the name of a filter's value, as a municipality. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from services.search.filters import FILTERS, known_values
from services.search.typed import Term
from services.texts import finnish
from services.texts.words import FINNISH, words_of
from services.vocabularies import Words

_LONGEST = 4  # words of a name
_MOST = 3
# Whatever is called alike is offered by the first of these.
_ORDER = (
    *("municipality", "organisation", "language", "how"),
    *("category", "need", "life_situation", "accessibility"),
)


@dataclass(frozen=True)
class Recognised:
    """A value of a filter that was typed by its name; and the words that were, as typed."""

    parameter: str
    key: str
    words: tuple[str, ...]


def recognised(terms: Sequence[Term], language: str, words: Words) -> list[Recognised]:
    """Return the values named in what was typed: of names within each other the longest."""
    names = _names(words, language)
    ones = [term.words[0] if term.wanted and not term.phrase else "" for term in terms]
    found: list[Recognised] = []
    place = 0
    while place < len(ones):
        for length in range(min(_LONGEST, len(ones) - place), 0, -1):
            part = tuple(ones[place : place + length])
            if value := next((names[form] for form in _forms(part, language) if form in names), None):
                found.append(Recognised(*value, part))
                place += length - 1
                break
        place += 1
    return found[:_MOST]


def _forms(name: tuple[str, ...], language: str) -> Iterator[tuple[str, ...]]:
    yield name
    if language == FINNISH:
        yield from product(*(finnish.word(word).bases or (word,) for word in name))


@lru_cache(maxsize=8)
def _names(words: Words, language: str) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return the values of filters by their names, as words and by their base forms."""
    known = known_values(words)
    names: dict[tuple[str, ...], tuple[str, str]] = {}
    for parameter in _ORDER:
        for key in known[parameter]:
            for form in _forms(tuple(words_of(FILTERS[parameter].choice(key, language, words))), language):
                names.setdefault(form, (parameter, key))
    return names
