"""The ways between vocabularies, wordings and places, as far as someone keeps them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import User
from orgs.navigation import Link
from orgs.roles import Capability


def tabs_of(user: User) -> list[Link]:
    """Return the pages that a person may open."""
    found = []
    if access.may(user, Capability.EDIT_VOCABULARIES):
        found += [
            Link(_("Vocabularies"), reverse("keeping:vocabularies")),
            Link(_("Statutory wordings"), reverse("keeping:options")),
        ]
    if access.holds(user, Capability.MANAGE_PLACES):
        found.append(Link(_("Places"), reverse("keeping:places")))
    return found
