"""Matching: which services of an index have what was typed, and how well. Pure over the index.

How well a service matches is the sum over the words: how rare the word is, times how much it tells of
the service (its impact), times how near what was found is to what was typed. Words that follow each
other in a name or a summary count once more. A service's own weight comes on top: the boost that its
editors gave it (a half more at ten), how lately it changed, and whether it is in the reader's municipality.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.search import typed
from services.search.postings import Impacts, Index, Numbers
from services.search.synonyms import Speech
from services.search.typed import Term, Way

# Finds the services that have a phrase: the index knows words only.
Phrases = Callable[[Sequence[str]], Sequence[int]]
_BOOST, _FRESH, _NEAR = 0.05, 0.04, 0.1
_TOGETHER = 0.6  # what words next to each other count, of what they count by themselves
_AREA = 30  # municipalities: no employment area has more
_ENOUGH = 3  # services that have all words
_LONGEST = 3  # words of an expression that is looked up
_YEAR = 365 * 86_400


@dataclass(frozen=True)
class Scored:
    """What one term found: its score for each service it stands in, and by which ways."""

    term: Term
    score: Impacts
    ways: Sequence[Way]
    beside: bool = False  # nothing has the word itself: others near it were taken

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which services have the term."""
        matched: NDArray[np.bool_] = self.score > 0
        return matched


@dataclass(frozen=True)
class Match:
    """The services found, by their numbers, each with its score; and what each term found."""

    numbers: Numbers
    score: Impacts
    terms: Sequence[Scored] = ()
    together: Sequence[Impacts] = ()
    # How many services have all terms, where others with only some of them follow.
    all_terms: int | None = None


def match(index: Index, terms: Sequence[Term], speech: Speech, phrases: Phrases) -> Match:
    """Return what has all wanted terms and none of the others; where few have all, then what has most.

    What holds no word at all finds nothing.
    """
    wanted = [scored(index, term, speech, phrases) for term in terms if term.wanted]
    left = index.alive.copy()
    for term in terms:
        if not term.wanted:
            left &= scored(index, term, speech, phrases, wide=False).score == 0
    if not wanted:
        return Match(np.flatnonzero(left) if any(not t.wanted for t in terms) else _no(), _none(len(index)))
    wanted = _by_expressions(index, wanted, speech)
    together = [_next_to(index, one.term, other.term, speech.language) for one, other in pairwise(wanted)]
    score: Impacts = np.sum(np.stack([*(one.score for one in wanted), *together]), axis=0, dtype=np.float32)
    every = left & np.logical_and.reduce([one.found for one in wanted])
    some = left & _most_of(index, wanted) & ~every
    if len(wanted) == 1 or np.count_nonzero(every) >= _ENOUGH or not some.any():
        return Match(np.flatnonzero(every), score, wanted, together)
    score[every] += score[some].max()
    return Match(np.flatnonzero(every | some), score, wanted, together, int(np.count_nonzero(every)))


def about(index: Index, terms: Sequence[Term], speech: Speech, phrases: Phrases) -> Impacts:
    """Return how much each service is about what the terms say; those that say nothing of it have 0."""
    score = _none(len(index))
    for term in terms:
        score += scored(index, term, speech, phrases).score
    return score


def _most_of(index: Index, wanted: Sequence[Scored]) -> NDArray[np.bool_]:
    """Tell which services have the greater part of what the terms tell, or any term where none has."""
    rare = np.array([rarity(index, int(np.count_nonzero(one.found))) for one in wanted])
    found = np.stack([one.found for one in wanted])
    most: NDArray[np.bool_] = rare @ found >= rare.sum() / 2
    return most if most.any() else np.logical_or.reduce(found)


def _by_expressions(index: Index, wanted: Sequence[Scored], speech: Speech) -> list[Scored]:
    """Return the terms with what else several of them together are called, as "own business"."""
    found = list(wanted)
    for length in range(2, _LONGEST + 1):
        for start in range(len(wanted) - length + 1):
            terms = [one.term for one in wanted[start : start + length]]
            if any(term.phrase for term in terms):
                continue
            ways = typed.ways_around(tuple(term.words[0] for term in terms), speech)
            each = _best_of(index, ways) / np.float32(length)
            for place in range(start, start + length) if ways else ():
                one = found[place]
                found[place] = replace(one, score=np.maximum(one.score, each), ways=[*one.ways, *ways])
    return found


def scored(index: Index, term: Term, speech: Speech, phrases: Phrases, *, wide: bool = True) -> Scored:
    """Return the score of one term over all services; unless `wide`, of the very word alone."""
    if term.phrase:
        score = _none(len(index))
        numbers = [index.number_of[one] for one in phrases(term.words) if one in index.number_of]
        score[numbers] = rarity(index, len(numbers))
        return Scored(term, score, [])
    word = term.words[0]
    ways = [*typed.ways_of(word, speech.language), *(typed.ways_around((word,), speech) if wide else [])]
    score = _best_of(index, ways)
    if score.any() or not wide:
        return Scored(term, score, ways)
    beside = typed.ways_beside(word, index.spelling, speech)
    return Scored(term, _best_of(index, beside), beside, beside=True)


def _best_of(index: Index, ways: Sequence[Way]) -> Impacts:
    score = _none(len(index))
    for way in ways:
        np.maximum(score, score_of(index, way), out=score)
    score[~index.alive] = 0
    return score


def score_of(index: Index, way: Way) -> Impacts:
    """Return the score of one way: the mean of its groups where all of them stand, otherwise 0."""
    parts = []
    for group in way.groups:
        part = _none(len(index))
        for token in group:
            numbers, impacts = index.postings(token)
            part[numbers] = np.maximum(part[numbers], impacts)
        parts.append(part * rarity(index, int(np.count_nonzero(part))))
    if len(parts) == 1:
        return parts[0] * np.float32(way.factor)
    every = np.logical_and.reduce([part > 0 for part in parts])
    mean: Impacts = np.mean(parts, axis=0, dtype=np.float32) * every * np.float32(way.factor)
    return mean


def rarity(index: Index, count: int) -> np.float32:
    """Return how much a word tells that stands in `count` services: 1 and more, the rarer the more."""
    return np.float32(1 + np.log((1 + index.total) / (1 + count)))


def own_weight(index: Index, numbers: Numbers, now: int, near: str | None) -> dict[str, Impacts]:
    """Return by what each service's score is multiplied.

    `now` is in seconds since 1970, `near` the code of the reader's municipality.
    """
    age = np.clip((now - index.values.updated[numbers]) / _YEAR, 0, 1)
    here = np.zeros(len(numbers), np.bool_)
    if near:
        column = index.facets["municipality"]
        # A service that is everywhere is not nearer to anyone.
        here = column.having(numbers, [near]) & column.few(numbers, _AREA)
    return {
        "boost": (1 + _BOOST * index.values.boost[numbers]).astype(np.float32),
        "fresh": (1 + _FRESH * (1 - age)).astype(np.float32),
        "near": (1 + _NEAR * here).astype(np.float32),
    }


def _next_to(index: Index, first: Term, second: Term, language: str) -> Impacts:
    pairs = typed.pair_of(first, second, language)
    return score_of(index, Way((pairs,), _TOGETHER)) if pairs else _none(len(index))


def _none(count: int) -> Impacts:
    return np.zeros(count, np.float32)


def _no() -> Numbers:
    return np.empty(0, np.int64)
