"""Links between the pages of a list of results."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.core.paginator import Paginator

_NEIGHBOURS = 2  # pages on both sides of the one that is shown


@dataclass(frozen=True)
class PageLink:
    """A link to a page of results; without an address it is a gap."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pages:
    """The links between the pages of a list."""

    links: list[PageLink]
    previous: str
    next: str


class Paged(Protocol):
    """Something that is shown page by page."""

    @property
    def page(self) -> int:
        """The number of the page that is shown."""

    @property
    def pages(self) -> int:
        """How many pages there are."""


def page_links(found: Paged, url: Callable[[int], str]) -> Pages | None:
    """Return links to the first, the last and the neighbouring pages; None where one page is all.

    `url` gives the address of a page.
    """
    if found.pages < 2:
        return None
    here, last = found.page, found.pages
    numbers = Paginator(range(last), 1).get_elided_page_range(here, on_each_side=_NEIGHBOURS, on_ends=1)
    links = [
        PageLink(number, url(number), number == here) if isinstance(number, int) else PageLink(None)
        for number in numbers
    ]
    return Pages(links, url(here - 1) if here > 1 else "", url(here + 1) if here < last else "")
