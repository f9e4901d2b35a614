"""Suggestions while someone types into the search: a part of a page, read by `static/js/suggestions.js`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orgs.localised import page_language
from services.models import PublishedService
from services.search import held, suggesting
from services.search.query import MAX_Q, ListQuery
from services.search.suggesting import Value
from services.site.caching import public_answer
from services.site.entries import list_url
from services.vocabularies import words

_LABELS: dict[str, str | Promise] = {
    "subject": _("Subjects and situations"),
    "place": _("Municipalities"),
    "organisation": _("Organisers"),
}


@dataclass(frozen=True)
class Option:
    """A suggestion: its words, the language they are in, where it leads, and how many services are there."""

    label: str
    url: str
    lang: str
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """Suggestions of one kind."""

    key: str
    label: str | Promise
    options: Sequence[Option]


@public_answer("q")
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Show what begins like what was typed, in groups; an empty answer where nothing does."""
    language = page_language()
    q = request.GET.get("q", "").replace("\x00", "")[:MAX_Q]
    found = suggesting.suggestions(held.index(language), q, language, words())
    groups = [Group("service", _("Services"), _services(found.services, language))]
    groups += [Group(key, _LABELS[key], _values(values, language)) for key, values in found.values.items()]
    # The words stand in texts of any language: in which, the index does not know.
    typed = [Option(one, list_url(ListQuery(q=one)), "") for one in found.typed]
    groups.append(Group("word", _("Search by words"), typed))
    return render(request, "services/suggestions.html", {"groups": [one for one in groups if one.options]})


def _values(values: Sequence[Value], language: str) -> list[Option]:
    return [
        Option(one.label, list_url(ListQuery().with_value(one.parameter, one.key)), language, one.count)
        for one in values
    ]


def _services(services: Sequence[int], language: str) -> list[Option]:
    rows = PublishedService.objects.filter(language=language, service__in=services)
    names = rows.values_list("service_id", "slug", "name", "document__texts__name__lang")
    by_service = {
        service: Option(name, reverse("site:service", args=[slug]), lang or language)
        for service, slug, name, lang in names
    }
    return [by_service[service] for service in services if service in by_service]
