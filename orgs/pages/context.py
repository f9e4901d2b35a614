"""The tools in the band of those who are signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import Organisation, User
from orgs.roles import Capability, allowed, organisations_of


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
    held = access.positions(user)
    found = [(_("Search services"), reverse("site:services"))]
    managed = organisations_of(Capability.MANAGE_PEOPLE, held)
    if managed is None:
        found.append((_("Organisations"), reverse("orgs:organisations")))
    elif managed:
        own = Organisation.objects.open().filter(pk__in=managed)
        many = len(own) > 1
        for organisation in own:
            name = f"{_('People')}: {organisation}" if many else _("People")
            found.append((name, reverse("orgs:people", args=[organisation.external_id])))
        if not many:
            found += [
                (_("My organisation"), reverse("orgs:organisation", args=[one.external_id])) for one in own
            ]
    if allowed(Capability.MANAGE_ORGANISATIONS, held):
        found.append((_("Agreements"), reverse("orgs:agreements")))
    if allowed(Capability.READ_USER_LOG, held):
        found.append((_("User log"), reverse("orgs:log")))
        found.append((_("Notices"), reverse("orgs:outbox")))
    if allowed(Capability.EDIT_VOCABULARIES, held):
        found.append((_("Vocabularies"), reverse("admin:index")))
    return [Tool(name, url, request.path == url) for name, url in found]
