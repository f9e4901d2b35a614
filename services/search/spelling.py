"""Spelling: words of an index that begin with what was typed, or are spelt nearly like it. Pure.

Å, ä and ö are letters of their own; but where no word is spelt as typed, one that differs only in their
dots is the nearest. Two letters in the wrong order count as one mistake.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

_DOTS = str.maketrans("åäöéüšž", "aaoeusz")
_BEGINNING = 3  # letters from which on a beginning says something
_MOST = 8  # words
_LOOKED_AT = 50
_LONG = 8  # letters: from there on two mistakes are forgiven
_SHORT = 4
_HALF = 0.5


@dataclass(frozen=True)
class Spelling:
    """The words that there are, in order, and in how many services each stands."""

    words: Sequence[str]
    counts: Sequence[int]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Spelling":
        """Return the spelling of words with how many services have each."""
        words = sorted(counts)
        return cls(words, [counts[word] for word in words])

    @cached_property
    def _by_start(self) -> dict[tuple[str, int], tuple[list[str], list[int]]]:
        """Return the words without dots, and their places, by their first letter and their length."""
        plain = "\n".join(self.words).translate(_DOTS).split("\n") if self.words else []
        found: dict[tuple[str, int], tuple[list[str], list[int]]] = {}
        for place, word in enumerate(plain):
            words, places = found.setdefault((word[:1], len(word)), ([], []))
            words.append(word)
            places.append(place)
        return found

    def beginning(self, typed: str) -> dict[str, int]:
        """Return the commonest words that begin with `typed`, and how many letters they go on."""
        if len(typed) < _BEGINNING:
            return {}
        first = bisect_left(self.words, typed)
        last = bisect_left(self.words, typed + "\U0010ffff", first)
        places = sorted(range(first, last), key=lambda place: -self.counts[place])[:_MOST]
        return {self.words[place]: len(self.words[place]) - len(typed) for place in places}

    def near(self, typed: str) -> dict[str, float]:
        """Return the words spelt nearest to `typed`, the commonest first, and by how many mistakes.

        Those are returned that are as near as the nearest; dots count half a mistake.
        """
        allowed = 0 if len(typed) < _SHORT else 1 if len(typed) < _LONG else 2
        plain = typed.translate(_DOTS)
        # People seldom mistype the first letter: only if nothing else is near, all words are looked at.
        far = self._far(plain, allowed, set(plain[:2])) or self._far(plain, allowed, None)
        far = {place: distance or _HALF for place, distance in far.items() if self.words[place] != typed}
        nearest = min(far.values(), default=0.0)
        places = sorted(far, key=lambda one: (self.words[one][:1] != typed[:1], -self.counts[one]))
        return {self.words[one]: far[one] for one in places if far[one] == nearest}

    def _far(self, plain: str, allowed: int, first: set[str] | None) -> dict[int, float]:
        """Return the places of words within so many mistakes, and how many; those with a first letter."""
        found: dict[int, float] = {}
        for (letter, length), (words, places) in self._by_start.items():
            if abs(length - len(plain)) > allowed or (first is not None and letter not in first):
                continue
            near = process.extract(plain, words, scorer=OSA.distance, score_cutoff=allowed, limit=_LOOKED_AT)
            found |= {places[nth]: float(distance) for _word, distance, nth in near}
        return found
