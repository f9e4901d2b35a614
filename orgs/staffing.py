"""Minimum staffing (docs/rules.md section 1): what an organisation must name, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orgs import clock
from orgs.models import Membership, Organisation, Seat
from orgs.models.dated import in_force
from orgs.roles import (
    COMMUNICATIONS_LEAD,
    MAIN_USER,
    PRODUCER,
    PROVIDER_MAIN_USER,
    PROVIDER_PRODUCER,
    STEERING_GROUP_MEMBER,
    WORKING_GROUP_DEPUTY,
    WORKING_GROUP_MEMBER,
    Holder,
)
from orgs.terms import Terms


@dataclass(frozen=True)
class Post:
    """What an organisation must name: how many of it, and how many there are."""

    label: str | Promise
    needed: int
    held: int

    @property
    def missing(self) -> int:
        """Return how many are missing."""
        return max(self.needed - self.held, 0)


# Each post: its label, who fills it, and the term that says how many are needed.
_POSTS: dict[str, tuple[tuple[str | Promise, Holder, str], ...]] = {
    "partner": (
        (_("Main users"), MAIN_USER, "partner_main_users"),
        (_("Content producers"), PRODUCER, "partner_producers"),
        (_("Communications leads"), COMMUNICATIONS_LEAD, "partner_communications_leads"),
        (_("Working group member"), WORKING_GROUP_MEMBER, "working_group_members"),
        (_("Working group deputy"), WORKING_GROUP_DEPUTY, "working_group_deputies"),
        (_("Steering group member"), STEERING_GROUP_MEMBER, "steering_group_members"),
    ),
    "provider": (
        (_("Main users"), PROVIDER_MAIN_USER, "provider_main_users"),
        (_("Content producers"), PROVIDER_PRODUCER, "provider_producers"),
    ),
    "project": (),
}


def staffing(kind: str, held: Iterable[Holder], terms: Terms) -> list[Post]:
    """Return the posts of an organisation of `kind` whose people hold `held`, one entry a person."""
    counts: dict[Holder, int] = {}
    for holder in held:
        counts[holder] = counts.get(holder, 0) + 1
    return [Post(label, getattr(terms, term), counts.get(holder, 0)) for label, holder, term in _POSTS[kind]]


def staffing_of(organisations: Iterable[Organisation], terms: Terms) -> dict[int, list[Post]]:
    """Return the posts of each organisation as they are filled today, in two queries."""
    today = clock.today()
    rows = list(organisations)
    held: dict[int, list[Holder]] = {organisation.pk: [] for organisation in rows}
    people = Membership.objects.filter(in_force(today), organisation__in=held, user__is_active=True)
    for organisation, kind, role in people.values_list("organisation", "organisation__kind", "role"):
        held[organisation].append(Holder(kind, role))
    seats = Seat.objects.filter(in_force(today), organisation__in=held, user__is_active=True)
    for organisation, body, kind in seats.values_list("organisation", "body", "kind"):
        held[organisation].append(Holder(body, kind))
    return {row.pk: staffing(row.kind, held[row.pk], terms) for row in rows}
