"""Why a result stands where it stands: the parts of its score, in words and numbers. Pure over the index."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.search import listing, order
from services.search.listing import Corpus
from services.search.matching import Scored, own_weight, score_of
from services.search.query import ListQuery

SHOWN = 20


@dataclass(frozen=True)
class Part:
    """What one term gave: what it was found by, and how much that counts."""

    term: str
    found_by: str
    score: float


@dataclass(frozen=True)
class Explained:
    """One hit: its service, its score, and what it is made of. Weights multiply the sum of the parts."""

    service: int
    score: float
    parts: Sequence[Part]
    together: float
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Explanation:
    """The first hits of a search, how many there are, and how many of them have all the words."""

    total: int
    all_terms: int | None
    hits: Sequence[Explained]


def explain(corpus: Corpus, q: str, today: datetime.date, near: str | None = None) -> Explanation:
    """Return why the first results of a search stand where they stand."""
    index, match = corpus.index, listing.matched(corpus, q)
    numbers = order.first_of(index, match, match.numbers, ListQuery(q=q), today, near, SHOWN)
    own = own_weight(index, numbers, order.seconds_of(today), near)
    hits = []
    for place, number in enumerate(numbers.tolist()):
        weights = {name: float(weight[place]) for name, weight in own.items()}
        score = float(match.score[number])
        for weight in weights.values():
            score *= weight
        hits.append(
            Explained(
                int(index.values.services[number]),
                score,
                [_part(corpus, one, number) for one in match.terms],
                float(sum(float(pair[number]) for pair in match.together)),
                weights,
            )
        )
    return Explanation(len(match.numbers), match.all_terms, hits)


def _part(corpus: Corpus, one: Scored, number: int) -> Part:
    """Return what a term gave to a service: the tokens by which its best way was found there."""
    term = " ".join(one.term.words)
    best = max(one.ways, key=lambda way: float(score_of(corpus.index, way)[number]), default=None)
    score = float(one.score[number])
    if best is None or not score:
        return Part(term, term if one.term.phrase and score else "", score)
    tokens = [token for group in best.groups for token in group if number in corpus.index.postings(token)[0]]
    return Part(term, " + ".join(dict.fromkeys(tokens)), score)
