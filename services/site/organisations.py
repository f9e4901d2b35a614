"""Pages of organisations: who they are and what they offer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.alphabet import alphabetical
from orgs.localised import page_language, reading
from orgs.models import Organisation
from services.search import filters, listing
from services.search.query import ListQuery
from services.site import entries
from services.site.caching import public_answer
from services.site.hits import hits
from services.site.names import by_name, named
from services.site.paging import page_links
from services.vocabularies import words


@public_answer()
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """List the partners and the providers with the number of their services."""
    language, held = page_language(), words()
    found = listing.run(ListQuery(), language, clock.today(), held)
    counts = {choice.key: choice.count for choice in entries.choices(found, "organisation")}
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind in Organisation.PUBLIC_KINDS}
    for organisation in held.open_organisations.values():
        if organisation.kind in groups:
            groups[organisation.kind].append(_line(organisation, counts, language))
    for group in groups.values():
        group.sort(key=lambda line: alphabetical(line["name"]))
    context = {
        "partners": groups[Organisation.Kind.PARTNER],
        "providers": groups[Organisation.Kind.PROVIDER],
    }
    return render(request, "services/organisations.html", context)


def _line(organisation: Organisation, counts: dict[str, int], language: str) -> dict[str, Any]:
    return {
        "name": reading(organisation.name, language).text,
        "url": reverse("site:organisation", args=[organisation.external_id]),
        "count": counts.get(organisation.external_id, 0),
    }


@public_answer("page")
@require_safe
def organisation(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show one organisation with its services, a page at a time."""
    language, held = page_language(), words()
    shown = held.open_organisations.get(external_id)
    if shown is None or shown.kind not in Organisation.PUBLIC_KINDS:
        raise Http404
    page, _ignored = ListQuery.read(request.GET, dict.fromkeys(filters.known_values(held), ()))
    query = ListQuery(selected={"organisation": (external_id,)}, sort="name", page=page.page)
    found = listing.run(query, language, clock.today(), held)
    base = reverse("site:organisation", args=[external_id])
    is_partner = shown.kind == Organisation.Kind.PARTNER
    context = {
        "organisation": shown,
        "name": reading(shown.name, language),
        "description": reading(shown.description, language),
        "is_partner": is_partner,
        "area": by_name(shown.municipalities.all(), language) if is_partner else [],
        "partners": [] if is_partner else named(shown.partners.open(), language),
        "found": found,
        "hits": hits(found.hits, clock.today()),
        "pages": page_links(found, lambda number: f"{base}?page={number}" if number > 1 else base),
        "search_url": entries.list_url(ListQuery(selected=query.selected)),
    }
    return render(request, "services/organisation.html", context)
