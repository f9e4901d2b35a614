"""Links that rooms above put on a service's own pages, for those who are signed in."""

from collections.abc import Callable, Iterable

from orgs.access import Reader
from orgs.models import User
from orgs.navigation import Link

Offer = Callable[[User, str], Iterable[Link]]
_offers: list[Offer] = []


def register(offer: Offer) -> None:
    """Add links that `offer` returns for a person and a service's identifier."""
    if offer not in _offers:
        _offers.append(offer)


def links_for(user: Reader, external_id: str) -> list[Link]:
    """Return the links for a person; none for visitors."""
    if not isinstance(user, User):
        return []
    return [link for offer in _offers for link in offer(user, external_id)]
