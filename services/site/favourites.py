"""A list of services that someone put together: it stands in the address, so that it can be kept and sent."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.localised import page_language
from services.models import PublishedService
from services.site.caching import public_answer, shows
from services.site.context import absolute
from services.site.hits import hits

MOST = 30


def favourites_url(slugs: list[str]) -> str:
    """Return the address of a list of services."""
    query = urlencode([("s", slug) for slug in slugs])
    return reverse("site:favourites") + (f"?{query}" if query else "")


@public_answer("s")
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """Show the services whose slugs the address names, in its order; those that are gone are left out."""
    language = page_language()
    wanted = list(dict.fromkeys(slug.replace("\x00", "") for slug in request.GET.getlist("s")))[:MOST]
    rows = {
        row.slug: row
        for row in PublishedService.objects.filter(language=language, slug__in=wanted).defer(
            "search", "keys", "tokens", "impacts"
        )
    }
    slugs = [slug for slug in wanted if slug in rows]
    # A service that is gone may come back under its address.
    shows(request, [row.service_id for row in rows.values()], others=len(slugs) < len(wanted))
    shown = hits([rows[slug] for slug in slugs], clock.today())
    address = absolute(favourites_url(slugs))
    context = {
        "section": "services",
        "listed": [
            (hit, favourites_url([other for other in slugs if other != slug]))
            for hit, slug in zip(shown, slugs, strict=True)
        ],
        "gone": len(wanted) - len(slugs),
        "canonical": address,
        "mail": urlencode({"body": address}),
    }
    return render(request, "services/favourites.html", context)
