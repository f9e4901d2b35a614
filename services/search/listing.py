"""The service list: hits, counts of every filter with the others applied, and pages. Two queries."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.localised import reading
from services.models import PublishedService
from services.read_model import AGE_BANDS
from services.search import marking, typed
from services.search.query import FILTERS, ListQuery
from services.vocabularies import Words

PAGE_SIZE = 20
_TYPED_WEIGHT = 10
VOCABULARY_OF: dict[str, str] = {
    "life_situation": "life_situation",
    "need": "need",
    "category": "category",
    "how": "delivery",
    "language": "service_language",
    "accessibility": "accessibility",
    "audience": "audience",
    "age": "age_band",
}
FILTER_LABELS: dict[str, str | Promise] = {
    "municipality": _("Home municipality"),
    "how": _("How it is carried out"),
    "life_situation": _("Your situation"),
    "need": _("What you need help with"),
    "category": _("Category"),
    "language": _("Language of the service"),
    "price": _("Price"),
    "age": _("Age"),
    "accessibility": _("Accessibility"),
    "audience": _("For whom"),
    "organisation": _("Organiser"),
}
PRICE_LABELS: dict[str, str | Promise] = {
    "free": pgettext_lazy("price", "Free of charge"),
    "paid": pgettext_lazy("price", "Costs something"),
}


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
class Listing:
    """One page of the list with everything around it."""

    total: int
    page: int
    pages: int
    hits: Sequence[PublishedService]
    facets: Sequence[Facet]
    # No service has all the words: these have some of them.
    loosened: bool = False


def known_values(words: Words) -> dict[str, list[str]]:
    """Return the values that each filter can take, in the order in which they are shown."""
    known = {parameter: words.keys(vocabulary) for parameter, vocabulary in VOCABULARY_OF.items()}
    known["municipality"] = sorted(words.municipalities, key=lambda c: words.municipalities[c].slug)
    known["organisation"] = sorted(words.organisations)
    known["price"] = list(PRICE_LABELS)
    known["age"] = [key for key in known["age"] if key in AGE_BANDS]
    return known


def run(query: ListQuery, language: str, today: datetime.date, words: Words) -> Listing:
    """Answer `query` over the services published in `language`."""
    total, counts = _count(query, language)
    loosened = not total and len([term for term in typed.terms_of(query.q, language) if term.wanted]) > 1
    if loosened:
        total, counts = _count(query, language, any_word=True)
        loosened = total > 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(query.page, pages)
    hits = list(_hits(query, language, today, any_word=loosened)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    _mark(hits, query.q, language)
    return Listing(total, page, pages, hits, _facets(query, counts, language, words), loosened)


def total(query: ListQuery, language: str) -> int:
    """Return how many services `query` finds."""
    return _matching(query, language).count()


def _found(q: str, language: str, *, any_word: bool = False) -> QuerySet[PublishedService, PublishedService]:
    """Return the rows of a language that a search finds: the one condition of hits and counts."""
    rows = PublishedService.objects.filter(language=language)
    return rows.filter(search=_wanted(q, language, any_word=any_word)) if q else rows


def _wanted(q: str, language: str, *, any_word: bool, synonyms: bool = True) -> typed.Query:
    terms = typed.terms_of(q, language)
    return typed.query_of(terms, language, any_word=any_word, synonyms=synonyms)


def _matching(
    query: ListQuery, language: str, *, any_word: bool = False
) -> QuerySet[PublishedService, PublishedService]:
    rows = _found(query.q, language, any_word=any_word)
    for parameter, values in query.selected.items():
        rows = rows.filter(keys__overlap=[f"{parameter}:{value}" for value in values])
    return rows


def _hits(
    query: ListQuery, language: str, today: datetime.date, *, any_word: bool
) -> QuerySet[PublishedService, PublishedService]:
    rows = _matching(query, language, any_word=any_word).defer("search", "keys")
    if query.q:
        rows = rows.annotate(rank=_rank(query.q, language, any_word=any_word))
    match query.sort:
        case "name":
            return rows.order_by("sort_key", "pk")
        case "updated":
            return rows.order_by("-published_at", "sort_key", "pk")
        case "soonest":
            return rows.annotate(next_start=_next_start(today)).order_by(
                F("next_start").asc(nulls_last=True), "name", "pk"
            )
    if query.q:
        return rows.order_by(F("rank").desc(), F("boost").desc(), "sort_key", "pk")
    return rows.order_by(F("boost").desc(), "sort_key", "pk")


def _rank(q: str, language: str, *, any_word: bool) -> Any:
    """Return the rank of a row: the very words that were typed before others of their meaning."""
    typed_words, meant = (
        SearchRank(
            F("search"), _wanted(q, language, any_word=any_word, synonyms=wide), normalization=Value(1)
        )
        for wide in (False, True)
    )
    return typed_words * _TYPED_WEIGHT + meant


def _mark(hits: Sequence[PublishedService], q: str, language: str) -> None:
    """Give each hit its headline and its snippet, with the words that matched in <mark>."""
    forms = marking.forms_of(typed.terms_of(q, language))
    for hit in hits:
        texts = hit.document["texts"]
        name = texts.get("name", {"text": hit.name, "lang": language})
        summary = texts.get("summary", {"text": "", "lang": language})
        hit.headline = marking.marked(name["text"], name["lang"], forms)  # type: ignore[attr-defined]
        hit.snippet = marking.marked(summary["text"], summary["lang"], forms)  # type: ignore[attr-defined]


def _next_start(today: datetime.date) -> RawSQL:
    return RawSQL("(SELECT min(day) FROM unnest(starts) AS day WHERE day >= %s)", [today])


def _count(query: ListQuery, language: str, *, any_word: bool = False) -> tuple[int, dict[str, int]]:
    """Return how many services match, and for each key how many would with it.

    A service counts for a key when every filter matches, or every filter but the key's own: so
    the counts of a filter don't depend on what is chosen in it. One statement for all filters.
    """
    found, params = _found(query.q, language, any_word=any_word).values("keys").query.sql_with_params()
    fails: list[str] = []
    filters: list[Any] = []
    for parameter, values in query.selected.items():
        fails.append("CASE WHEN NOT keys && %s::varchar[] THEN %s END")
        filters += [[f"{parameter}:{value}" for value in values], parameter]
    statement = (
        f"WITH found AS (SELECT keys, array_remove(ARRAY[{', '.join(fails)}]::text[], NULL) AS failed"  # noqa: S608
        f" FROM ({found}) AS those)"
        " SELECT key, count(*) FROM found, unnest(keys) AS key"
        " WHERE failed = '{}' OR failed = ARRAY[split_part(key, ':', 1)] GROUP BY key"
        " UNION ALL SELECT '', count(*) FROM found WHERE failed = '{}'"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*filters, *params])
        counts = dict(cursor.fetchall())
    return counts.pop(""), counts


def _facets(query: ListQuery, counts: Mapping[str, int], language: str, words: Words) -> list[Facet]:
    known = known_values(words)
    return [
        Facet(
            parameter,
            FILTER_LABELS[parameter],
            [
                Choice(
                    key=key,
                    label=choice_label(parameter, key, language, words),
                    count=counts.get(f"{parameter}:{key}", 0),
                    selected=key in query.selected.get(parameter, ()),
                    parent=_parent(parameter, key, words),
                )
                for key in known[parameter]
            ],
        )
        for parameter in FILTERS
    ]


def choice_label(parameter: str, key: str, language: str, words: Words) -> str:
    """Return the words for one value of a filter."""
    if parameter == "municipality":
        return reading(words.municipalities[key].name, language).text
    if parameter == "organisation":
        return reading(words.organisations[key].name, language).text
    if parameter == "price":
        return str(PRICE_LABELS[key])
    return words.label(VOCABULARY_OF[parameter], key, language)


def _parent(parameter: str, key: str, words: Words) -> str | None:
    term = words.terms.get((VOCABULARY_OF.get(parameter, ""), key))
    return term.parent.key if term and term.parent else None
