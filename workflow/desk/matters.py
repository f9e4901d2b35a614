"""What rooms above have to say at the desk: matters with a day by which to act, and warnings."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from orgs.models import User


@dataclass(frozen=True)
class Matter:
    """One matter: its name leads to `url`; `by` is the last day to act, None where there is none."""

    name: str
    what: str
    url: str
    by: datetime.date | None = None


Tells = Callable[[User], Iterable[Matter]]
_BOOKS: dict[str, Tells] = {}


def register(name: str, tells: Tells) -> None:
    """Have a room above tell of what it knows."""
    _BOOKS[name] = tells


def of(user: User) -> list[Matter]:
    """Return a person's matters, those to act on first, by their days."""
    found: Iterator[Matter] = (one for tells in _BOOKS.values() for one in tells(user))
    return sorted(found, key=lambda one: one.by or datetime.date.max)
