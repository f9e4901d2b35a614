"""The tools in the band of those who are signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from orgs import navigation
from orgs.models import User


@dataclass(frozen=True)
class Tool:
    """A link in the band."""

    name: str
    url: str
    current: bool


def tools(request: HttpRequest) -> dict[str, Any]:
    """Return the tools of the signed-in person; asked for only where a template shows them."""
    return {"tools": SimpleLazyObject(lambda: _tools(request))}


def _tools(request: HttpRequest) -> list[Tool]:
    user = request.user
    if not isinstance(user, User):
        return []
    links = navigation.links_for(user)
    if not navigation.has_home(user):
        links.insert(0, navigation.Link(_("Start page"), reverse("orgs:start")))
    return [Tool(link.name, link.url, request.path == link.url) for link in links]
