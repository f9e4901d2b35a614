"""The services that use something, as a page lists them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.db.models import QuerySet

from orgs.localised import page_language
from services.keeping.uses import Uses
from services.models import PublishedService

MOST = 50  # names on a page; more are counted


@dataclass(frozen=True)
class Users:
    """The first of the published services that use something, how many there are, and how many others."""

    named: "QuerySet[PublishedService, PublishedService]"
    published: int
    elsewhere: int

    @property
    def more(self) -> int:
        """Return how many published services are not named."""
        return max(self.published - MOST, 0)


def users_of(used: Uses) -> Users:
    """Return who uses something, by name in the page's language; one query when it is shown."""
    return Users(_named(used.published), len(used.published), used.elsewhere)


def _named(services: AbstractSet[int]) -> "QuerySet[PublishedService, PublishedService]":
    rows = PublishedService.objects.filter(service__in=services, language=page_language())
    return rows.only("slug", "name", "language").order_by("sort_key")[:MOST]
