"""Lines of an index: choices of the list's filters as ways in, with real counts."""

from dataclasses import dataclass

from django.urls import reverse

from services.search.listing import Choice, Listing
from services.search.query import ListQuery
from services.vocabularies import Words


@dataclass(frozen=True)
class Entry:
    """A line of an index: words, where they lead and how many services are there."""

    label: str
    url: str
    count: int


def choices(found: Listing, parameter: str) -> list[Choice]:
    """Return the choices of one filter."""
    return [choice for facet in found.facets if facet.parameter == parameter for choice in facet.choices]


def with_hits(parameter: str, wanted: list[Choice], within: ListQuery | None = None) -> list[Entry]:
    """Return choices of a filter that find something, as links to the list."""
    within = within or ListQuery()
    return [
        Entry(choice.label, list_url(within.with_value(parameter, choice.key)), choice.count)
        for choice in wanted
        if choice.count
    ]


def for_audience(
    found: Listing, held: Words, parameter: str, audience: str, within: ListQuery | None = None
) -> list[Entry]:
    """Return the life situations or needs of `audience`, and of both, that some service suits."""
    wanted = [
        choice
        for choice in choices(found, parameter)
        if held.terms[parameter, choice.key].audience in ("", audience)
    ]
    return with_hits(parameter, wanted, within)


def list_url(query: ListQuery) -> str:
    """Return the address of a list."""
    encoded = query.urlencode()
    return reverse("site:services") + (f"?{encoded}" if encoded else "")
