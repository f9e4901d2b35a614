"""The employers' entrance: their situations, their categories and their services."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.localised import page_language
from services.search import listing
from services.search.query import ListQuery
from services.site import entries
from services.site.caching import public_answer
from services.site.hits import hits
from services.vocabularies import words

_SHOWN = 8
FOR_EMPLOYERS = ListQuery(selected={"audience": ("employer",)})


@public_answer()
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """Show an employer the ways in and the first services; the rest are one link away."""
    language, held = page_language(), words()
    found = listing.run(FOR_EMPLOYERS, language, clock.today(), held)
    categories = [choice for choice in entries.choices(found, "category") if choice.parent is not None]
    context = {
        "section": "employers",
        "total": found.total,
        "situations": entries.for_audience(found, held, "life_situation", "employer", FOR_EMPLOYERS),
        "categories": entries.with_hits("category", categories, FOR_EMPLOYERS),
        "hits": hits(found.hits[:_SHOWN], clock.today()),
        "all_url": entries.list_url(FOR_EMPLOYERS),
    }
    return render(request, "services/employers.html", context)
