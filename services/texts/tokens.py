"""Tokens: under what a published text is found, and how much each tells of it. Pure.

A token is a word in small letters as it was written; the base form of a Finnish word and the parts of
a compound; a stem, after the code of its language (`sv~kurs`); two words that follow each other in a
name or a summary (`kieli+kurssi`); or a word of a name (`^kielikurssi`), for suggestions. How much a
token tells of a service is its impact, 1 to 255.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import snowballstemmer

from services.texts import finnish, words
from services.texts.words import FINNISH, STEMS

# Weight A to D, the text's own language, and the text.
Weighted = tuple[str, str, str]
# What many mentions in texts of a weight are worth, and how many are worth half of that.
_WORTH = {"A": (10.0, 0.2), "B": (4.0, 0.5), "C": (3.0, 2.0), "D": (1.0, 1.0)}
# Parts of compounds weigh a step less than the compound itself.
_LESS = {"A": "B", "B": "C", "C": "D", "D": "D"}
NAME = "^"  # what a token of a name begins with
_PAIRED = ("A", "B")
_HALF = 4.0  # the worth that has half of the greatest impact
_MOST = 255
_MOST_FORMS = 2  # base forms of a word that pairs are made of


@dataclass(frozen=True)
class Tokens:
    """The tokens of one service in one language in order, parted by spaces, and their impacts."""

    text: str
    impacts: bytes


def tokens_of(texts: Iterable[Weighted]) -> Tokens:
    """Return the tokens of a service's weighted texts."""
    mentions: dict[str, dict[str, float]] = {weight: defaultdict(float) for weight in _WORTH}
    for weight, language, text in texts:
        # A word of a short name tells more than one of many.
        share = 4 / (3 + len(words.words_of(text))) if weight == "A" else 1.0
        for token, at in _mentions(weight, language, text):
            mentions[at][token] += share
    names = sorted({token for counted in mentions.values() for token in counted})
    return Tokens(" ".join(names), bytes(_impact(token, mentions) for token in names))


def _impact(token: str, mentions: Mapping[str, Mapping[str, float]]) -> int:
    counts = ((weight, mentions[weight].get(token, 0.0)) for weight in _WORTH)
    worth = sum(_WORTH[weight][0] * count / (count + _WORTH[weight][1]) for weight, count in counts)
    return max(1, round(_MOST * worth / (worth + _HALF)))


def _mentions(weight: str, language: str, text: str) -> Iterator[tuple[str, str]]:
    """Return each token of a text with the weight that it has there."""
    if weight == "A":
        for one in words.words_of(text):
            yield from ((NAME + form, weight) for form in _written_or_base(one, language))
    for line in text.splitlines():
        ones = words.words_of(line)
        for one in ones:
            yield from ((token, weight) for token in alike(one, language))
            if language == FINNISH:
                yield from ((part, _LESS[weight]) for part in finnish.word(one).parts)
                yield from ((piece, _LESS[weight]) for piece in words.pieces_of(one))
        if weight in _PAIRED:
            yield from (
                (pair, weight)
                for first, second in pairwise(telling(ones, language))
                for pair in pairs_of(first, second, language)
            )


def telling(ones: Iterable[str], language: str) -> list[str]:
    """Return the words that say something by themselves."""
    small = words.SMALL.get(language, frozenset())
    return [one for one in ones if one not in small]


@lru_cache(maxsize=65_536)
def alike(word: str, language: str) -> tuple[str, ...]:
    """Return the tokens that say the same as a word of a language: itself, and its base forms or stem."""
    if language == FINNISH:
        bases = finnish.word(word).bases
        return tuple(dict.fromkeys((word, *(bases or (_stem(word, language),)))))
    return (word, _stem(word, language)) if language in STEMS else (word,)


def pairs_of(first: str, second: str, language: str) -> list[str]:
    """Return the tokens of two words that follow each other."""
    ways = [_plain_forms(one, language)[:_MOST_FORMS] for one in (first, second)]
    return [f"{one}+{other}" for one, other in product(*ways)]


def _written_or_base(word: str, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, *(finnish.word(word).bases if language == FINNISH else ()))))


def _plain_forms(word: str, language: str) -> tuple[str, ...]:
    if language == FINNISH:
        return finnish.word(word).bases or (word,)
    return alike(word, language)[-1:]


def _stem(word: str, language: str) -> str:
    # One stemmer for each word: it keeps a state, and threads share what is kept here.
    return f"{language}~{snowballstemmer.stemmer(STEMS[language]).stemWord(word)}"


def is_word(token: str) -> bool:
    """Tell whether a token is a word that one may show."""
    return "~" not in token and "+" not in token and not token.startswith(NAME)
