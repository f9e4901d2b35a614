"""The same search over work instructions, for those who may read them: own municipality first.

Internal (docs/rules.md section 3): whoever calls has asked whether the reader may read instructions.
What is searched are the parts of instructions; each service stands once, by its best part.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from services.fields import Audience, Document
from services.models import PublishedService, ServiceVersion
from services.search import facets, held, listing, order, typed
from services.search.listing import Corpus, Instead
from services.search.matching import Match, match, own_weight
from services.search.postings import Index, Numbers
from services.search.query import ListQuery
from services.search.synonyms import speech
from services.vocabularies import Words

PAGE_SIZE = 20
# How much a part counts: of one's own municipality, common to all, of another municipality.
_OWN, _COMMON, _OTHER = 1.5, 1.0, 0.6


@dataclass(frozen=True)
class Found:
    """A service whose instructions were found: its row, its internal document, whose part matched best."""

    row: PublishedService
    document: Document
    municipality: str  # the code; empty for the common part


@dataclass(frozen=True)
class Instructions:
    """One page of what was found."""

    total: int
    page: int
    pages: int
    hits: Sequence[Found]
    looked_for: Sequence[str]
    instead: Sequence[Instead]


def run(
    query: ListQuery, language: str, today: datetime.date, words: Words, own: Collection[str]
) -> Instructions:
    """Answer `query` over the instructions in `language`; `own` are the reader's municipalities."""
    corpus = Corpus(held.index(language, held.INSTRUCTIONS), speech(words, language))
    index, found = corpus.index, _matched(corpus, query.q)
    numbers, _counts = facets.narrow(index.facets, found.numbers, query.selected)
    best = _best(index, found, numbers, today, list(own))
    pages = max(1, -(-len(best) // PAGE_SIZE))
    page = min(query.page, pages)
    shown = best[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    hits = _hits(index, shown, language)
    return Instructions(len(best), page, pages, hits, listing.looked_for(found), listing.instead(found))


def _matched(corpus: Corpus, q: str) -> Match:
    index, language = corpus.index, corpus.language
    if not q:
        return Match(np.flatnonzero(index.alive), np.ones(len(index), np.float32))
    phrases = partial(held.with_phrase, language, kind=held.INSTRUCTIONS)
    return match(index, typed.terms_of(q, language), corpus.speech, phrases)


def _best(index: Index, found: Match, numbers: Numbers, today: datetime.date, own: list[str]) -> Numbers:
    """Return the best part of each service, the best service first."""
    parts = index.values.parts[numbers]
    mine = np.isin(parts, [int(code) for code in own])
    weight: NDArray[np.float64] = np.where(mine, _OWN, np.where(parts == 0, _COMMON, _OTHER))
    for factor in own_weight(index, numbers, order.seconds_of(today), own[0] if own else None).values():
        weight = weight * factor
    score = found.score[numbers] * weight
    ordered = numbers[np.lexsort((parts, index.alphabet[numbers], -score))]
    _services, first = np.unique(index.values.wholes[ordered], return_index=True)
    return ordered[np.sort(first)]


def _hits(index: Index, shown: Numbers, language: str) -> list[Found]:
    services = index.values.wholes[shown].tolist()
    rows = {row.service_id: row for row in listing.rows_of(services, language)}
    documents = _documents(rows)
    parts = index.values.parts[shown].tolist()
    return [
        Found(rows[service], documents[service], f"{part:03}" if part else "")
        for service, part in zip(services, parts, strict=True)
        if service in rows and service in documents
    ]


def _documents(rows: dict[int, PublishedService]) -> dict[int, Document]:
    """Return the internal documents of the versions that the rows show."""
    numbers = {service: row.number for service, row in rows.items()}
    newest = ServiceVersion.objects.filter(service__in=rows, number__in=set(numbers.values()))
    return {
        version.service_id: version.section(Audience.INTERNAL)
        for version in newest.only("service_id", "number", "shape", "internal_document")
        if numbers[version.service_id] == version.number
    }
