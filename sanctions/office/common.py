"""What the pages of the office share: who has one, and its tabs."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.access import NotAllowed
from orgs.models import User
from orgs.pages.common import person
from orgs.roles import Capability, organisations_of


@dataclass(frozen=True)
class Tab:
    """A page of the office."""

    key: str
    name: str
    url: str


def holds(user: User, capability: Capability) -> bool:
    """Tell whether a person has a right of this kind over anything."""
    return organisations_of(capability, access.positions(user)) != set()


def require(request: HttpRequest, capability: Capability) -> User:
    """Return the signed-in person; raises PermissionDenied for those without the right over anything."""
    user = person(request)
    if not holds(user, capability):
        raise NotAllowed(capability)
    return user


def tabs_of(user: User) -> list[Tab]:
    """Return the pages of the office that a person may open."""
    found = []
    if holds(user, Capability.SEE_ATTENDANCE):
        found.append(Tab("office", _("Overview"), reverse("office:office")))
    if holds(user, Capability.SEE_CASES):
        found += [
            Tab("cases", _("Cases"), reverse("office:cases")),
            Tab("ledger", _("Ledger"), reverse("office:ledger")),
        ]
    if holds(user, Capability.SEE_ATTENDANCE):
        found += [
            Tab("meetings", _("Meetings"), reverse("office:meetings")),
            Tab("handovers", _("Handovers"), reverse("office:handovers")),
        ]
    return found
