"""What this room offers in the band of those who are signed in."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import User
from orgs.navigation import Link
from orgs.roles import Capability

# Searching comes first, keeping the words last.
FIRST, LAST = 0, 90


def searching(_user: User) -> Iterable[Link]:
    """Return the way to the services."""
    yield Link(_("Search services"), reverse("site:services"))


def words(user: User) -> Iterable[Link]:
    """Return the way to the vocabularies for those who edit them."""
    if access.may(user, Capability.EDIT_VOCABULARIES):
        yield Link(_("Vocabularies"), reverse("admin:index"))
