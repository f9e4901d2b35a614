"""The tools in the band of those who are signed in: each room registers its own in its `apps.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import Organisation, User
from orgs.roles import Capability, allowed, organisations_of


@dataclass(frozen=True)
class Link:
    """A place to go to, and what one does there, in the words of the page's language."""

    name: str
    url: str
    words: str = ""
    covers: str = ""  # what the addresses of its pages begin with, where that is not its own address


Offer = Callable[[User], Iterable[Link]]
Has = Callable[[User], bool]
Home = Callable[[User], str]
_homes: list[tuple[int, Has, Home]] = []
_offers: dict[str, tuple[int, Offer]] = {}


def register(room: str, place: int, offer: Offer) -> None:
    """Add links that `offer` returns for a person; those with the lower `place` come first."""
    _offers[room] = (place, offer)


def links_for(user: User) -> list[Link]:
    """Return the links of every room for a person, in order."""
    in_order = sorted(_offers.values(), key=lambda pair: pair[0])
    return [link for _place, offer in in_order for link in offer(user)]


def register_home(place: int, has: Has, home: Home) -> None:
    """Add where the work is of those for whom `has` is true: `home` returns its address.

    Those with the lower `place` are asked first.
    """
    _homes.append((place, has, home))
    _homes.sort(key=lambda one: one[0])


def has_home(user: User) -> bool:
    """Tell whether some room has a page on which the person's work begins."""
    return any(has(user) for _place, has, _home in _homes)


def home_of(user: User) -> str | None:
    """Return where to lead a person who has just signed in; None where no room above has work for them."""
    return next((home(user) for _place, has, home in _homes if has(user)), None)


def offer(user: User) -> Iterable[Link]:
    """Return the pages of this room that a person may open."""
    held = access.positions(user)
    managed = organisations_of(Capability.MANAGE_PEOPLE, held)
    if managed is None:
        yield Link(
            _("Organisations"),
            reverse("orgs:organisations"),
            _("See the organisations, their people, roles and places, and keep them up to date."),
            covers=_management(),
        )
    elif managed:
        yield from _own(list(Organisation.objects.open().filter(pk__in=managed)))
    if allowed(Capability.READ_AGREEMENT, held):
        yield Link(
            _("Agreements"),
            reverse("orgs:agreements"),
            _("See the joint agreement: its terms, cost shares and the members of its bodies."),
        )
    if allowed(Capability.READ_USER_LOG, held):
        yield Link(_("User log"), reverse("orgs:log"), _("See who did what to whom, and when."))
        yield Link(_("Notices"), reverse("orgs:outbox"), _("See which messages left, and which did not."))
        yield Link(
            _("Scheduled work"),
            reverse("orgs:jobs"),
            _("See whether everything that runs by itself was done, and what failed."),
        )


def _management() -> str:
    """Return what the addresses of all pages of organisations begin with."""
    return reverse("orgs:organisations").removesuffix("/").rpartition("/")[0] + "/"


def _own(organisations: list[Organisation]) -> Iterable[Link]:
    many = len(organisations) > 1
    for one in organisations:
        name = f"{_('People')}: {one}" if many else _("People")
        yield Link(
            name,
            reverse("orgs:people", args=[one.external_id]),
            _("Invite people, change their roles, and hand over the work of those who leave."),
        )
    if not many:
        for one in organisations:
            yield Link(
                _("My organisation"),
                reverse("orgs:organisation", args=[one.external_id]),
                _("Keep your organisation's details and places up to date."),
            )
