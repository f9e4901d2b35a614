"""What a reader typed: words, "phrases" and -exclusions, and by which tokens each may be found. Pure.

Nothing that was typed is ever read as the database's own syntax. Small words are left out, unless
there is nothing else.
"""

import itertools
import re
from dataclasses import dataclass, replace

from services.search.spelling import Spelling
from services.search.synonyms import Expression, Speech
from services.texts import finnish, tokens, words
from services.texts.words import FINNISH

_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST = 24  # words: each costs
_MOST_SYNONYMS = 12  # expressions for one word
# How much a service counts that is found by something else than what was typed.
_SPLIT, _SYNONYM, _BEGINNING, _NEIGHBOUR = 0.8, 0.3, 0.6, 0.8
_LETTERS = 4  # more than were typed: so many halve how much a beginning counts
_MOST_NEIGHBOURS = 3


@dataclass(frozen=True)
class Term:
    """A word, or the words of a phrase; wanted or to be left out."""

    words: tuple[str, ...]
    wanted: bool = True

    @property
    def phrase(self) -> bool:
        """Tell whether the words must follow each other."""
        return len(self.words) > 1


@dataclass(frozen=True)
class Way:
    """One way in which a term is found: one token of each group, and how much that counts, 0 to 1.

    `said` is what was looked for, where it is not what was typed.
    """

    groups: tuple[tuple[str, ...], ...]
    factor: float = 1.0
    said: str = ""


def terms_of(typed: str, language: str) -> list[Term]:
    """Return what was typed as terms, in order."""
    found = []
    for minus, phrase, bare in _TOKEN.findall(typed.replace("“", '"').replace("”", '"')):
        inner = tuple(words.words_of(phrase or bare))
        if phrase and inner:
            found.append(Term(inner, wanted=not minus))
        else:
            found += [Term((one,), wanted=not minus) for one in inner]
    small = words.SMALL.get(language, frozenset())
    telling = [one for one in found if one.phrase or one.words[0] not in small]
    return list(dict.fromkeys(telling or found))[:_MOST]


def ways_of(word: str, language: str) -> list[Way]:
    """Return the ways in which a word is found: by itself and its forms, and by its parts together."""
    split = finnish.word(word).split
    return [Way((_forms(word, language),)), *([Way(tuple((one,) for one in split), _SPLIT)] if split else [])]


def ways_around(expression: Expression, speech: Speech) -> list[Way]:
    """Return the ways in which words are found by others that mean nearly the same."""
    return [
        Way(tuple(_forms(one, speech.language) for one in other), _SYNONYM, " ".join(other))
        for other in speech.others_of(expression)[:_MOST_SYNONYMS]
    ]


def ways_beside(word: str, spelling: Spelling, speech: Speech) -> list[Way]:
    """Return the ways of a word that nothing has: by words that begin with it, or are spelt nearly so."""
    beginnings = spelling.beginning(word)
    if beginnings:
        return [
            Way((_forms(one, speech.language),), _BEGINNING / (1 + far / _LETTERS), one)
            for one, far in beginnings.items()
        ]
    near = itertools.islice(spelling.near(word).items(), _MOST_NEIGHBOURS)
    return [
        replace(way, factor=way.factor * _NEIGHBOUR / (1 + far), said=one)
        for one, far in near
        for way in (*ways_of(one, speech.language), *ways_around((one,), speech))
    ]


def pair_of(first: Term, second: Term, language: str) -> tuple[str, ...]:
    """Return the tokens of two words next to each other; none where one of them is no single word."""
    if first.phrase or second.phrase or not (first.wanted and second.wanted):
        return ()
    codes = dict.fromkeys((language, FINNISH))
    return tuple(
        dict.fromkeys(p for code in codes for p in tokens.pairs_of(first.words[0], second.words[0], code))
    )


def _forms(word: str, language: str) -> tuple[str, ...]:
    """Return the tokens of a word of the page's language or Finnish.

    Finnish is always among them: a text without a version in the reader's language is shown in it.
    """
    codes = dict.fromkeys((language, FINNISH))
    return tuple(dict.fromkeys(form for code in codes for form in tokens.alike(word, code)))
