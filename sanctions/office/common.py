"""What the pages of the office share: who has one, and its tabs."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import User
from orgs.roles import Capability


@dataclass(frozen=True)
class Tab:
    """A page of the office."""

    key: str
    name: str
    url: str


def tabs_of(user: User) -> list[Tab]:
    """Return the pages of the office that a person may open."""
    found = []
    if access.holds(user, Capability.SEE_ATTENDANCE):
        found.append(Tab("office", _("Overview"), reverse("office:office")))
    if access.holds(user, Capability.SEE_CASES):
        found += [
            Tab("cases", _("Cases"), reverse("office:cases")),
            Tab("letters", _("Letters"), reverse("office:letters")),
            Tab("ledger", _("Ledger"), reverse("office:ledger")),
        ]
    if access.holds(user, Capability.SEE_ATTENDANCE):
        found += [
            Tab("meetings", _("Meetings"), reverse("office:meetings")),
            Tab("handovers", _("Handovers"), reverse("office:handovers")),
        ]
    return found
