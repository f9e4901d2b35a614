"""The search over work instructions, for those who may read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from orgs import access, clock
from orgs.localised import page_language, reading
from services import fields
from services.fields import GROUP_LABELS, Audience
from services.rich_text import plain
from services.search import instructions, marking
from services.search.filters import known_values
from services.search.instructions import Found
from services.search.query import ListQuery
from services.site import residence
from services.site.instructions import refused
from services.site.paging import page_links
from services.vocabularies import Words, words


@dataclass(frozen=True)
class Hit:
    """A service whose instructions matched: where, in whose part, and the words around."""

    name: str
    name_lang: str
    url: str
    label: str | Promise
    municipality: str
    own: bool
    snippet: str
    snippet_lang: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the instructions that the address asks for; refused like the instructions themselves."""
    if not access.reads_internal(request.user):
        return refused(request)
    language, held = page_language(), words()
    query, _ignored = ListQuery.read(request.GET, known_values(held))
    chosen = query.only("municipality")
    own = residence.served(request)
    found = instructions.run(query, language, clock.today(), held, own)
    municipalities = [
        (code, reading(municipality.name, language).text)
        for code, municipality in held.municipalities.items()
    ]
    context = {
        "section": "services",
        "query": query,
        "found": found,
        "hits": [_hit(one, found.looked_for, own, chosen, language, held) for one in found.hits],
        "municipalities": sorted(municipalities, key=lambda one: one[1]),
        "chosen": chosen,
        "pages": page_links(found, lambda number: _address(query.with_page(number))),
    }
    return render(request, "services/instruction_search.html", context)


def _address(query: ListQuery) -> str:
    return f"{reverse('site:instruction_search')}?{query.urlencode()}"


def _hit(
    one: Found, looked_for: Iterable[str], own: list[str], chosen: str, language: str, held: Words
) -> Hit:
    name = one.row.document["texts"]["name"]
    url = residence.carrying(reverse("site:instructions", args=[one.row.slug]), chosen)
    label, anchor, text, text_lang = _where(one, list(looked_for), language)
    if not looked_for and (summary := one.row.document["texts"].get("summary")):
        text, text_lang = summary["text"], summary["lang"]
    municipality = held.municipalities.get(one.municipality)
    return Hit(
        marking.marked(name["text"], name["lang"], looked_for),
        name["lang"],
        f"{url}#{anchor}" if anchor else url,
        label,
        reading(municipality.name, language).text if municipality else "",
        one.municipality in own,
        text,
        text_lang,
    )


def _where(one: Found, looked_for: list[str], language: str) -> tuple[str | Promise, str, str, str]:
    """Return the heading, the anchor, the words around the first match of a part, and their language."""
    texts = one.document["municipal"][one.municipality] if one.municipality else one.document["texts"]
    for field in fields.texts_of(Audience.INTERNAL):
        versions = {code: own[field.name] for code, own in texts.items() if own.get(field.name)}
        found = reading(versions, language)
        if found.text and (part := marking.snippet(plain(found.text), found.lang, looked_for)):
            return GROUP_LABELS[field.group], f"h-{field.group.value}", part, found.lang
    return "", "", "", ""
