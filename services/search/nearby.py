"""Nearby: what comes nearest to a search that found nothing. Pure over the index.

Of what was typed, services with any word of it, or any part of a word; of the filters, those that most of
them suit. Their commonest categories show where to look further.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.search import typed
from services.search.listing import Corpus
from services.search.matching import score_of
from services.search.postings import Impacts
from services.search.query import ListQuery
from services.search.typed import Way
from services.texts import finnish

_MOST_SERVICES, _MOST_CATEGORIES = 3, 4
_LOOKED_AT = 30  # services whose categories are counted


@dataclass(frozen=True)
class Nearby:
    """Services by their ids, the nearest first, and keys of categories with how many services have each."""

    services: Sequence[int]
    categories: Sequence[tuple[str, int]]


def nearby(query: ListQuery, corpus: Corpus) -> Nearby:
    """Return what comes nearest to `query`; nothing where nothing of it is known."""
    index = corpus.index
    words = _words(query.q, corpus)
    suits = np.zeros(len(index), np.float32)
    everyone = np.arange(len(index))
    for parameter, values in query.selected.items():
        suits += index.facets[parameter].having(everyone, values)
    score = words * (1 + suits) if query.q else suits
    found = np.flatnonzero((score > 0) & index.alive)
    nearest = found[np.lexsort((index.alphabet[found], -score[found]))][:_LOOKED_AT]
    counts = index.facets["category"].counts(nearest)
    categories = sorted(counts, key=lambda key: (-counts[key], key))[:_MOST_CATEGORIES]
    return Nearby(
        index.values.services[nearest[:_MOST_SERVICES]].tolist(),
        [(key, index.counts["category"][key]) for key in categories],
    )


def _words(q: str, corpus: Corpus) -> Impacts:
    """Return how much services have of the words that are wanted, by any way and by any part of them."""
    index, language = corpus.index, corpus.language
    score = np.zeros(len(index), np.float32)
    for word in (word for term in typed.terms_of(q, language) if term.wanted for word in term.words):
        ways = [*typed.ways_of(word, language), *typed.ways_around((word,), corpus.speech)]
        ways += typed.ways_beside(word, index.spelling, corpus.speech)
        ways += [Way(((part,),), 0.5) for part in finnish.word(word).parts]
        for way in ways:
            score += score_of(index, way)
    return score
