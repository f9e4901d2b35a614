"""What this room offers in the band of those who are signed in."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import User
from orgs.navigation import Link
from orgs.roles import Capability
from services.site.instructions import own_municipalities

# Searching comes first, keeping the words last.
FIRST, LAST = 0, 90


def searching(user: User) -> Iterable[Link]:
    """Return the ways to the services, and to their instructions for those who may read them."""
    yield Link(_("Search services"), reverse("site:services"))
    if access.reads_internal(user):
        yield Link(_("Search work instructions"), reverse("site:instruction_search"))


def home(user: User) -> str | None:
    """Return the services of an expert's own municipality, where the work instructions are at hand."""
    own = own_municipalities(user) if access.reads_internal(user) else []
    if not own:
        return None
    query = f"?{urlencode({'municipality': own[0]})}" if len(own) == 1 else ""
    return f"{reverse('site:services')}{query}"


def tuning(user: User) -> Iterable[Link]:
    """Return the ways to what is searched for, and to how the search understands."""
    if access.may(user, Capability.SEE_SEARCH_FIGURES):
        yield Link(_("What is searched for"), reverse("tuning:figures"))
    if access.may(user, Capability.TUNE_SEARCH):
        yield Link(_("Search and synonyms"), reverse("tuning:search"))


def words(user: User) -> Iterable[Link]:
    """Return the way to the vocabularies for those who edit them."""
    if access.may(user, Capability.EDIT_VOCABULARIES):
        yield Link(_("Vocabularies"), reverse("admin:index"))
