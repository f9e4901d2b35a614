"""The service list: hits, counts of every filter with the others applied, and pages.

The process finds, counts and orders by the index that it holds; the hits are read in one query.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from django.utils.functional import Promise

from services.models import PublishedService
from services.rich_text import plain
from services.search import facets, held, marking, order, typed
from services.search.filters import FILTERS
from services.search.matching import Match, Scored, about, match
from services.search.postings import Impacts, Index, Numbers
from services.search.query import ListQuery
from services.search.synonyms import Speech, speech
from services.vocabularies import Words

PAGE_SIZE = 20
# Filters whose values say what a service is about; and what it counts to have few of them.
_TOLD = ("life_situation", "need", "category")
_FEWER = 0.5
_MOST_SAID = 3  # words that were looked for in place of one


@dataclass(frozen=True)
class Choice:
    """A value of a filter; `count` is how many services one would get with it."""

    key: str
    label: str
    count: int
    selected: bool
    parent: str | None = None


@dataclass(frozen=True)
class Facet:
    """A filter with its choices."""

    parameter: str
    label: str | Promise
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Instead:
    """A word that nothing has, and the words near it that were looked for."""

    typed: str
    words: Sequence[str]


@dataclass(frozen=True)
class Marks:
    """What a hit says of itself, with the words that matched in <mark>."""

    name: str
    summary: str
    # The part of another text in which a word matched, and its language, where neither of them has one.
    where: Mapping[str, str]


@dataclass(frozen=True)
class Corpus:
    """What is searched: the services of a language, and the language."""

    index: Index
    speech: Speech

    @property
    def language(self) -> str:
        """The language's code."""
        return self.speech.language


@dataclass(frozen=True)
class Listing:
    """One page of the list with everything around it."""

    corpus: Corpus
    total: int
    page: int
    pages: int
    hits: Sequence[PublishedService]
    marks: Mapping[int, Marks]  # by the service's number
    facets: Sequence[Facet]
    # How many services have all the words, where the others have only some of them.
    all_words: int | None = None
    instead: Sequence[Instead] = ()


@dataclass(frozen=True)
class Found:
    """What a query finds, before any of it is ordered or read: services by their numbers in the index.

    `counts` says for each filter's value, "parameter:value", how many services one would get with it.
    """

    query: ListQuery
    corpus: Corpus
    match: Match
    numbers: Numbers
    counts: Mapping[str, int]

    def services(self) -> list[int]:
        """Return the services that were found, in no order."""
        return self._services(self.numbers)

    def first(self, count: int, today: datetime.date, near: str | None = None) -> list[int]:
        """Return the first `count` services in the query's order; `near` is the reader's municipality."""
        index = self.corpus.index
        return self._services(order.first_of(index, self.match, self.numbers, self.query, today, near, count))

    def facets(self, words: Words) -> list[Facet]:
        """Return the filters with their choices."""
        return _facets(self.query, self.counts, self.corpus.language, words)

    def _services(self, numbers: Numbers) -> list[int]:
        services: list[int] = self.corpus.index.values.services[numbers].tolist()
        return services


def find(query: ListQuery, language: str, words: Words, *, among: Collection[int] | None = None) -> Found:
    """Find what `query` asks for in the services published in `language`, or only `among` some of them."""
    corpus = corpus_of(language, words)
    index, match = corpus.index, matched(corpus, query.q)
    if not query.q:
        match = replace(match, score=_about(query, corpus, words))
    numbers = match.numbers
    if among is not None:
        numbers = numbers[np.isin(index.values.services[numbers], list(among))]
    if query.q or query.selected or among is not None:
        numbers, counts = facets.narrow(index.facets, numbers, query.selected)
        return Found(query, corpus, match, numbers, counts)
    return Found(query, corpus, match, numbers, index.all_counts)


def run(
    query: ListQuery, language: str, today: datetime.date, words: Words, *, near: str | None = None
) -> Listing:
    """Answer `query` over the services published in `language`; `near` is the reader's municipality."""
    found = find(query, language, words)
    match, total = found.match, len(found.numbers)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(query.page, pages)
    first = (page - 1) * PAGE_SIZE
    hits = rows_of(found.first(first + PAGE_SIZE, today, near)[first:], language)
    sought = looked_for(match)
    marks = {row.service_id: _marks(row, sought, language) for row in hits}
    panels = found.facets(words)
    return Listing(found.corpus, total, page, pages, hits, marks, panels, match.all_terms, instead(match))


def _about(query: ListQuery, corpus: Corpus, words: Words) -> Impacts:
    """Return how much services are about the situations, needs and categories that were chosen.

    One that says so in its name or its texts comes before one that only suits them among others.
    """
    index, language = corpus.index, corpus.language
    score = np.ones(len(index), np.float32)
    phrases = partial(held.with_phrase, language)
    for parameter in set(_TOLD) & query.selected.keys():
        labels = [FILTERS[parameter].choice(key, language, words) for key in query.selected[parameter]]
        terms = typed.terms_of(" ".join(labels), language)
        few = index.facets[parameter].sizes(np.arange(len(index)))
        score += about(index, terms, corpus.speech, phrases) / max(1, len(terms))
        score += _FEWER / np.maximum(few, 1)
    return score


def total(query: ListQuery, corpus: Corpus) -> int:
    """Return how many services `query` finds."""
    found = matched(corpus, query.q).numbers
    numbers, _counts = facets.narrow(corpus.index.facets, found, query.selected)
    return len(numbers)


def corpus_of(language: str, words: Words) -> Corpus:
    """Return what is searched in a language now."""
    return Corpus(held.index(language), speech(words, language))


def matched(corpus: Corpus, q: str) -> Match:
    """Return what a search finds: everything, where nothing was typed."""
    index, language = corpus.index, corpus.language
    if not q:
        return Match(np.flatnonzero(index.alive), np.ones(len(index), np.float32))
    return match(index, typed.terms_of(q, language), corpus.speech, partial(held.with_phrase, language))


def rows_of(services: Sequence[int], language: str) -> list[PublishedService]:
    """Return the rows of services in their order."""
    rows = PublishedService.objects.filter(language=language, service__in=services)
    by_service = {row.service_id: row for row in rows.defer("search", "keys", "tokens", "impacts")}
    return [by_service[service] for service in services if service in by_service]


def instead(match: Match) -> list[Instead]:
    """Return what was looked for in place of words that nothing has."""
    return [
        Instead(one.term.words[0], list(dict.fromkeys(way.said for way in one.ways))[:_MOST_SAID])
        for one in match.terms
        if one.beside and one.score.any()
    ]


def looked_for(match: Match) -> list[str]:
    """Return the words by which a search matched, for marking them."""
    return [word for one in match.terms for word in _words_of(one)]


def _marks(row: PublishedService, looked_for: Sequence[str], language: str) -> Marks:
    texts = row.document["texts"]
    name = texts.get("name", {"text": row.name, "lang": language})
    summary = texts.get("summary", {"text": "", "lang": language})
    name_marked, summary_marked = (
        marking.marked(one["text"], one["lang"], looked_for) for one in (name, summary)
    )
    elsewhere = looked_for and "<mark>" not in name_marked + summary_marked
    return Marks(name_marked, summary_marked, _where(texts, looked_for) if elsewhere else {})


def _where(texts: Mapping[str, Mapping[str, str]], looked_for: Sequence[str]) -> dict[str, str]:
    """Return the part of another text in which a word matched, and its language; empty where none did."""
    for name, text in texts.items():
        if name not in ("name", "summary"):
            found = marking.snippet(plain(text["text"]), text["lang"], looked_for)
            if found:
                return {"text": found, "lang": text["lang"]}
    return {}


def _words_of(one: Scored) -> list[str]:
    if not one.beside:
        return list(one.term.words)
    return [word for way in one.ways for word in way.said.split()]


def _facets(query: ListQuery, counts: Mapping[str, int], language: str, words: Words) -> list[Facet]:
    return [
        Facet(
            parameter,
            one.label,
            [
                Choice(
                    key=key,
                    label=one.choice(key, language, words),
                    count=counts.get(f"{parameter}:{key}", 0),
                    selected=key in query.selected.get(parameter, ()),
                    parent=one.parent(key, words),
                )
                for key in one.values(words)
            ],
        )
        for parameter, one in FILTERS.items()
    ]
