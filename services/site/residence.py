"""Whose municipality a page serves: the one that its address carries, or the reader's own.

An address carries the municipality that was searched for (`?municipality=049`), so that the page of a
service shows its contacts first. The account comes next; what the browser remembers, `site.js` adds.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from orgs import access
from orgs.access import Reader
from orgs.models import Municipality, User
from services.vocabularies import words

_PARAMETER = "municipality"


def own_municipalities(user: Reader) -> list[str]:
    """Return the codes of the reader's own municipalities, the first ones first.

    The municipality that the person has chosen, or all those of the person's partners.
    """
    if not isinstance(user, User):
        return []
    if user.home_municipality_id:
        return [user.home_municipality_id]
    organisations = {position.organisation for position in access.positions(user)}
    own = Municipality.objects.filter(partners__in=organisations).distinct()
    return list(own.values_list("code", flat=True))


def carried(request: HttpRequest) -> str:
    """Return the code of the municipality that the address carries; empty for none, or an unknown one."""
    code = request.GET.get(_PARAMETER, "")
    return code if code in words().municipalities else ""


def served(request: HttpRequest) -> list[str]:
    """Return the codes of the municipalities that a page serves first."""
    code = carried(request)
    return [code] if code else own_municipalities(request.user)


def carrying(address: str, code: str) -> str:
    """Return an address that carries a municipality on."""
    return f"{address}?{urlencode({_PARAMETER: code})}" if code else address


def code_of(contact: Mapping[str, Any]) -> str | None:
    """Return the code of a contact's municipality, in a document as written or resolved for a reader."""
    municipality: Mapping[str, str] | str | None = contact["municipality"]
    return municipality["code"] if isinstance(municipality, Mapping) else municipality


def own_first(contacts: Iterable[Mapping[str, Any]], own: Collection[str]) -> list[Mapping[str, Any]]:
    """Return the contacts of a service: of one's own municipalities, common to all, of other ones."""

    def place(contact: Mapping[str, Any]) -> int:
        if (code := code_of(contact)) is None:
            return 1
        return 0 if code in own else 2

    return sorted(contacts, key=place)
