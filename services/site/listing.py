"""The service list: search, filters with counts, hits and pages, all of it in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from orgs import clock
from orgs.localised import page_language
from orgs.models import Organisation
from services.search import listing, offers
from services.search.filters import FILTERS, known_values
from services.search.listing import Choice, Corpus, Facet, Listing
from services.search.nearby import nearby
from services.search.offers import Offer
from services.search.query import PARAMETERS, SORTS, Ignored, ListQuery
from services.site import residence
from services.site.caching import public_answer
from services.site.context import absolute, languages
from services.site.entries import list_url
from services.site.hits import Hit, hits
from services.site.paging import page_links
from services.vocabularies import Words, words

EMPLOYER = "employer"
_SUBJECTS = ("life_situation", "need", "category")
SORT_LABELS: dict[str, str | Promise] = {
    "relevance": _("Best match first"),
    "soonest": _("Starting soon"),
    "updated": _("Updated last"),
    "name": _("A–Z"),
}
OPEN_FACETS = ("municipality", "how", "life_situation", "language")
SHOWN_CHOICES = 6
# Of two or three more it is not worth making a secret.
_WORTH_FOLDING = 3
_MOST_SUGGESTIONS = 5


@dataclass(frozen=True)
class FacetPanel:
    """A filter as drawn: the choices shown at once and the rest behind "Show all"."""

    parameter: str
    label: str | Promise
    shown: Sequence[Choice]
    folded: Sequence[Choice]
    open: bool

    @property
    def total(self) -> int:
        """How many choices there are in all."""
        return len(self.shown) + len(self.folded)


@dataclass(frozen=True)
class Chip:
    """A filter in use and the list without it."""

    label: str
    url: str
    total: int | None = None


@public_answer(*PARAMETERS)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show the services that the address asks for; to htmx only what changes."""
    language, held = page_language(), words()
    query, ignored = ListQuery.read(request.GET, known_values(held))
    near = next(iter(query.selected.get("municipality") or residence.own_municipalities(request.user)), None)
    found = listing.run(query, language, clock.today(), held, near=near)
    audience = query.only("audience")
    subject = _subject(query, language, held)
    context = {
        "section": "employers" if audience == EMPLOYER else "services",
        "current": "true" if audience == EMPLOYER else "page",
        "title": _title(query, found, subject),
        "subject": subject,
        "query": query,
        "found": found,
        "hits": hits(found.hits, clock.today(), query.only("municipality"), found.marks),
        "panels": [
            _panel(_for_audience(facet, audience, held))
            for facet in found.facets
            if facet.parameter != "audience"
        ],
        "audience": next((facet for facet in found.facets if facet.parameter == "audience"), None),
        "chips": _chips(query, language, held),
        "clear_url": list_url(replace(query, selected={}, page=1)),
        "sorts": [(key, SORT_LABELS[key], key == query.sort) for key in SORTS],
        "pages": page_links(found, lambda number: list_url(query.with_page(number))),
        "ignored": [_described(item) for item in ignored],
        "nothing": _nothing(query, found.corpus, held) if found.total == 0 else None,
        "named": [_offered(one) for one in offers.filters_named(query, found.corpus, held)],
        "meant": _meant(query, found),
        "canonical": absolute(list_url(query)),
        "page_languages": languages(list_url(query)),
    }
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        answer = render(request, "services/list_change.html", context | {"out_of_band": True})
        return push_url(answer, list_url(query))
    return render(request, "services/list.html", context)


def _offered(offer: Offer) -> Chip:
    return Chip(offer.label, list_url(offer.query), offer.total)


def _meant(query: ListQuery, found: Listing) -> Chip | None:
    offer = offers.spelt_otherwise(query, found)
    return _offered(offer) if offer else None


def _subject(query: ListQuery, language: str, held: Words) -> str:
    """Return what a list without words is about: the one situation, need or category that was chosen."""
    if query.q:
        return ""
    chosen = [FILTERS[name].choice(key, language, held) for name in _SUBJECTS if (key := query.only(name))]
    return chosen[0] if len(chosen) == 1 else ""


def _for_audience(facet: Facet, audience: str, held: Words) -> Facet:
    """Return a filter as the audience needs it: employers' situations for employers alone."""
    if facet.parameter == "municipality" and audience == EMPLOYER:
        return replace(facet, label=_("Municipality"))
    if facet.parameter not in ("life_situation", "need") or not audience:
        return facet
    choices = [
        choice
        for choice in facet.choices
        if choice.selected or held.terms[facet.parameter, choice.key].audience in ("", audience)
    ]
    return replace(facet, choices=choices)


def _title(query: ListQuery, found: Listing, subject: str) -> str:
    title = gettext("Search: %(q)s") % {"q": query.q} if query.q else subject or gettext("Services")
    page = gettext("page %(n)s") % {"n": found.page}
    return f"{title}, {page}" if found.page > 1 else title


def _panel(facet: Facet) -> FacetPanel:
    """Show what is chosen and the choices that find most, in their own order; fold the rest."""
    chosen = {choice.key for choice in facet.choices if choice.selected}
    opened = bool(chosen) or facet.parameter in OPEN_FACETS
    if len(facet.choices) < SHOWN_CHOICES + _WORTH_FOLDING:
        return FacetPanel(facet.parameter, facet.label, facet.choices, [], opened)
    if facet.parameter == "category":
        first = {choice.key for choice in facet.choices if choice.parent is None}
    else:
        by_count = sorted(facet.choices, key=lambda choice: -choice.count)
        first = {choice.key for choice in by_count[:SHOWN_CHOICES]}
    return FacetPanel(
        facet.parameter,
        facet.label,
        [choice for choice in facet.choices if choice.key in first | chosen],
        [choice for choice in facet.choices if choice.key not in first | chosen],
        opened,
    )


def _chips(query: ListQuery, language: str, held: Words) -> list[Chip]:
    return [
        Chip(
            FILTERS[parameter].choice(key, language, held),
            list_url(query.without(parameter, key)),
        )
        for parameter, keys in query.selected.items()
        for key in keys
    ]


@dataclass(frozen=True)
class Nothing:
    """What helps where nothing was found."""

    without: Sequence[Chip]  # the list without one of the filters
    services: Sequence[Hit]
    categories: Sequence[Chip]
    # Whom to ask: the partner of the municipality that was chosen.
    partner: Organisation | None


def _nothing(query: ListQuery, corpus: Corpus, held: Words) -> Nothing:
    near = nearby(query, corpus)
    rows = listing.rows_of(near.services, corpus.language)
    categories = [
        Chip(
            FILTERS["category"].choice(key, corpus.language, held),
            list_url(ListQuery().with_value("category", key)),
            total,
        )
        for key, total in near.categories
    ]
    codes = query.selected.get("municipality", ())
    partners = Organisation.objects.partners().filter(municipalities__in=codes[:1])
    partner = partners.first() if codes else None
    return Nothing(
        _suggestions(query, corpus, held),
        hits(rows, clock.today(), query.only("municipality")),
        categories,
        partner,
    )


def _suggestions(query: ListQuery, corpus: Corpus, held: Words) -> list[Chip]:
    """Return which single filter taken away would find something, and how much."""
    tries = [(p, key) for p, keys in query.selected.items() for key in keys][:_MOST_SUGGESTIONS]
    found = []
    for parameter, key in tries:
        without = query.without(parameter, key)
        if total := listing.total(without, corpus):
            label = FILTERS[parameter].choice(key, corpus.language, held)
            found.append(Chip(label, list_url(without), total))
    if query.q and query.selected and len(tries) < _MOST_SUGGESTIONS:
        without = replace(query, q="", page=1)
        if total := listing.total(without, corpus):
            found.append(Chip(f"”{query.q}”", list_url(without), total))
    return found


def _described(item: Ignored) -> Mapping[str, Any]:
    names = {"sort": _("Order"), "page": _("Page")} | {name: one.label for name, one in FILTERS.items()}
    return {"name": names.get(item.parameter, item.parameter), "value": item.value[:60]}
