"""Pages of municipalities: what there is for the people who live in one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgs import clock
from orgs.alphabet import alphabetical
from orgs.localised import page_language, reading
from orgs.models import Organisation
from services.search import listing
from services.search.query import ListQuery
from services.site import entries
from services.site.caching import public_answer
from services.site.hits import hits
from services.site.names import by_name
from services.vocabularies import words

_LATEST = 5


@public_answer()
@require_safe
def municipalities(request: HttpRequest) -> HttpResponse:
    """List the municipalities by the partner that is responsible for them."""
    language, held = page_language(), words()
    found = listing.run(ListQuery(), language, clock.today(), held)
    counts = {choice.key: choice.count for choice in entries.choices(found, "municipality")}
    partners = Organisation.objects.partners().prefetch_related("municipalities")
    areas = [
        {
            "id": partner.external_id,
            "name": reading(partner.name, language).text,
            "municipalities": [
                item | {"count": counts.get(item["code"], 0)}
                for item in by_name(partner.municipalities.all(), language)
            ],
        }
        for partner in partners
    ]
    areas.sort(key=lambda area: alphabetical(str(area["name"])))
    context = {"areas": [area for area in areas if area["municipalities"]]}
    return render(request, "services/municipalities.html", context)


@public_answer()
@require_safe
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what there is for the residents of one municipality, by category."""
    language, held = page_language(), words()
    chosen = next((m for m in held.municipalities.values() if m.slug == slug), None)
    if chosen is None:
        raise Http404
    here = ListQuery(selected={"municipality": (chosen.code,)})
    found = listing.run(ListQuery(selected=here.selected, sort="updated"), language, clock.today(), held)
    categories = [c for c in entries.choices(found, "category") if c.parent is None]
    partner = Organisation.objects.partners().filter(municipalities=chosen.code).first()
    context = {
        "name": reading(chosen.name, language).text,
        "total": found.total,
        "partner": partner
        and {
            "id": partner.external_id,
            "name": reading(partner.name, language).text,
            "email": partner.email,
            "phone": partner.phone,
            "website": partner.website,
        },
        "categories": entries.with_hits("category", categories, here),
        "situations": entries.for_audience(found, held, "life_situation", "job_seeker", here),
        "latest": hits(found.hits[:_LATEST], clock.today(), chosen.code),
        "all_url": entries.list_url(here),
    }
    return render(request, "services/municipality.html", context)
