"""The front page: search, situations and needs with real counts, what was updated last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.localised import page_language
from services.search import listing
from services.search.query import ListQuery
from services.site.caching import public_answer
from services.site.entries import for_audience
from services.site.names import by_name
from services.vocabularies import words

_UPDATED = 6


@public_answer()
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the ways in: by words, by situation, by need, as an employer."""
    language, held = page_language(), words()
    found = listing.run(ListQuery(sort="updated"), language, clock.today(), held)
    context = {
        "section": "front",
        "total": found.total,
        "situations": for_audience(found, held, "life_situation", "job_seeker"),
        "employer_situations": for_audience(found, held, "life_situation", "employer"),
        "needs": for_audience(found, held, "need", "job_seeker"),
        "municipalities": by_name(held.municipalities.values(), language),
        "updated": found.hits[:_UPDATED],
    }
    return render(request, "services/front.html", context)
