"""What this room offers in the band of those who are signed in."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from orgs import access
from orgs.localised import page_language
from orgs.models import User
from orgs.navigation import Link
from orgs.news import News
from orgs.roles import EXPERT, Capability
from services.models import PublishedService
from services.site.residence import own_municipalities

# Searching comes first, keeping the words last.
FIRST, LAST = 0, 90
_NEWEST = 5


def searching(user: User) -> Iterable[Link]:
    """Return the ways to the services, and to their instructions for those who may read them."""
    yield Link(
        _("Search services"),
        reverse("site:services"),
        _("Find services, and see what customers read of them."),
    )
    if access.reads_internal(user):
        yield Link(
            _("Search work instructions"),
            reverse("site:instruction_search"),
            _("Read how the services are used; your own municipality's instructions come first."),
        )


def is_expert(user: User) -> bool:
    """Tell whether someone is an expert and nothing else."""
    return {position.holder for position in access.positions(user)} == {EXPERT}


def home(user: User) -> str:
    """Return the work instructions of the reader's own municipality."""
    own = own_municipalities(user)
    query = f"?{urlencode({'municipality': own[0]})}" if len(own) == 1 else ""
    return f"{reverse('site:instruction_search')}{query}"


def news(user: User) -> Iterable[News]:
    """Return what was published lately: in the reader's own municipalities, of all for who has none."""
    rows = PublishedService.objects.filter(language=page_language())
    if own := own_municipalities(user):
        rows = rows.filter(keys__overlap=[f"municipality:{code}" for code in own])
    for row in rows.order_by("-published_at", "pk")[:_NEWEST]:
        name = row.document["texts"]["name"]
        yield News(row.published_at, name["text"], reverse("site:service", args=[row.slug]), name["lang"])


def tuning(user: User) -> Iterable[Link]:
    """Return the ways to what is searched for, and to how the search understands."""
    if access.may(user, Capability.SEE_SEARCH_FIGURES):
        yield Link(
            _("What is searched for"),
            reverse("tuning:figures"),
            _("See week by week what people search for, and what they don't find."),
        )
    if access.may(user, Capability.TUNE_SEARCH):
        yield Link(
            _("Search and synonyms"),
            reverse("tuning:search"),
            _("Add words that mean the same, and see why a result stands where it stands."),
        )


def answers(user: User) -> Iterable[Link]:
    """Return the way to how public pages are answered."""
    if access.may(user, Capability.KEEP_ANSWERS):
        yield Link(
            _("Public pages"),
            reverse("answers:answers"),
            _("See how fast visitors are answered, and have pages made anew."),
        )


def responsible(user: User) -> Iterable[Link]:
    """Return the way to who is responsible for which services; who only reads it comes by the agreement."""
    if access.may(user, Capability.SET_RESPONSIBILITY):
        yield Link(
            _("Responsibilities"),
            reverse("responsible:services"),
            _("See which partner answers for which service, since when and on which decision."),
        )


def words(user: User) -> Iterable[Link]:
    """Return the ways to the vocabularies, wordings and places for those who keep them."""
    if access.may(user, Capability.EDIT_VOCABULARIES):
        yield Link(
            _("Vocabularies"),
            reverse("keeping:vocabularies"),
            _("Maintain the terms, places and statutory wordings that services are described with."),
        )
    elif access.holds(user, Capability.MANAGE_PLACES):
        yield Link(
            _("Places"),
            reverse("keeping:places"),
            _("Maintain the places where services are given: their addresses, directions and accessibility."),
        )
