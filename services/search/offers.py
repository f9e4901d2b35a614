"""Offers: what else a search may have meant, each with how many services it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.search import listing, typed
from services.search.filters import FILTERS
from services.search.listing import Corpus, Listing
from services.search.postings import Index
from services.search.query import ListQuery
from services.search.recognising import recognised
from services.search.typed import Term
from services.texts import finnish
from services.texts.words import FINNISH, words_of
from services.vocabularies import Words

# A word in at most so many services may be a mistake, where another that is in so many times more is near.
_FEW, _MORE = 2, 4
_SHORTEST = 5  # letters of a word that may be a mistake


@dataclass(frozen=True)
class Offer:
    """Another list, what it is called, and how many services are in it."""

    query: ListQuery
    label: str
    total: int


def filters_named(query: ListQuery, corpus: Corpus, words: Words) -> list[Offer]:
    """Return the same search with a name that was typed as a filter; those that find something."""
    language = corpus.language
    terms = typed.terms_of(query.q, language)
    found = []
    for one in recognised(terms, language, words):
        if one.key in query.selected.get(one.parameter, ()):
            continue
        other = replace(_without(query, one.words), page=1).with_value(one.parameter, one.key)
        if total := listing.total(other, corpus):
            found.append(Offer(other, FILTERS[one.parameter].choice(one.key, language, words), total))
    return found


def spelt_otherwise(query: ListQuery, found: Listing) -> Offer | None:
    """Return the same search with a word spelt as most do, where that finds more."""
    if not query.q or found.instead:
        return None
    language = found.corpus.language
    for term in typed.terms_of(query.q, language):
        for other in _commoner(found.corpus.index, term, language):
            again = replace(query, q=_replaced(query.q, term.words[0], other), page=1)
            if (total := listing.total(again, found.corpus)) > found.total:
                return Offer(again, again.q, total)
    return None


def _commoner(index: Index, term: Term, language: str) -> Iterator[str]:
    """Yield words near a rare one that far more services have; a word that Finnish knows is meant."""
    word = term.words[0]
    known = language == FINNISH and finnish.word(word).bases
    count = len(index.postings(word)[0])
    if term.phrase or not term.wanted or len(word) < _SHORTEST or known or not 0 < count <= _FEW:
        return
    for other in index.spelling.near(word):
        if len(index.postings(other)[0]) >= _MORE * count:
            yield other


def _without(query: ListQuery, words: tuple[str, ...]) -> ListQuery:
    """Return the search without words that were typed one after another."""
    left = query.q.split()
    for place in range(len(left)):
        if tuple(words_of(" ".join(left[place : place + len(words)]))) == words:
            return replace(query, q=" ".join(left[:place] + left[place + len(words) :]))
    return query


def _replaced(q: str, word: str, other: str) -> str:
    return " ".join(other if words_of(part) == [word] else part for part in q.split())
