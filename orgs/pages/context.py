"""The tools in the band of those who are signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from orgs import access, navigation
from orgs.models import User


@dataclass(frozen=True)
class Tool:
    """A link in the band."""

    name: str
    url: str
    current: str  # what aria-current says, nothing elsewhere


def tools(request: HttpRequest) -> dict[str, Any]:
    """Return the tools of the signed-in person; asked for only where a template shows them."""
    return {
        "tools": SimpleLazyObject(lambda: _tools(request)),
        "own_organisations": SimpleLazyObject(lambda: _organisations(request)),
    }


def _organisations(request: HttpRequest) -> list[str]:
    return access.organisations_of_person(request.user) if isinstance(request.user, User) else []


def _tools(request: HttpRequest) -> list[Tool]:
    user = request.user
    if not isinstance(user, User):
        return []
    links = navigation.links_for(user)
    if not navigation.has_home(user):
        links.insert(0, navigation.Link(_("Start page"), reverse("orgs:start")))
    here = max(
        (link for link in links if request.path.startswith(link.covers or link.url)),
        key=lambda link: len(link.covers or link.url),
        default=None,
    )
    return [Tool(link.name, link.url, _current(request, link) if link is here else "") for link in links]


def _current(request: HttpRequest, link: navigation.Link) -> str:
    """Return what `aria-current` says of a link: it is this page, or this page belongs to it."""
    return "page" if request.path == link.url else "true"
