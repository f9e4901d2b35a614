"""What must be handed over before a person leaves or an organisation closes.

This room knows nothing of services. The rooms above register here what duties people and
organisations have with them: updaters of services, published services, open cases.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from orgs.models import Organisation, User


@dataclass(frozen=True)
class Duty:
    """Something one is responsible for.

    `key` names it within its register, `text` says what it is in the reader's language, `url` is
    where to look at it, and `successors` are those who may take it over.
    """

    key: str
    text: str
    url: str = ""
    successors: tuple[User, ...] = ()


class Register(Protocol):
    """A room's duties."""

    def of_person(self, user: User, organisation: Organisation) -> list[Duty]:
        """Return what `user` must hand over before leaving `organisation`."""

    def of_organisation(self, organisation: Organisation) -> list[Duty]:
        """Return what stands in the way of closing `organisation`."""

    def hand_over(self, key: str, leaving: User, successor: User, by: User) -> None:
        """Make `successor` answer for the duty; the caller has checked the right and holds a transaction."""


_registers: dict[str, Register] = {}


def register(name: str, book: Register) -> None:
    """Add a room's duties; `name` keeps the keys of the rooms apart."""
    _registers[name] = book


def of_person(user: User, organisation: Organisation) -> list[Duty]:
    """Return every duty of `user` in `organisation`, with keys that `hand_over` understands."""
    return _named((name, book.of_person(user, organisation)) for name, book in _registers.items())


def of_organisation(organisation: Organisation) -> list[Duty]:
    """Return everything that stands in the way of closing `organisation`."""
    return _named((name, book.of_organisation(organisation)) for name, book in _registers.items())


def _named(found: Iterable[tuple[str, list[Duty]]]) -> list[Duty]:
    return list(
        chain.from_iterable(
            [Duty(f"{name}:{duty.key}", duty.text, duty.url, duty.successors) for duty in duties]
            for name, duties in found
        )
    )


def hand_over(key: str, leaving: User, successor: User, by: User) -> None:
    """Make `successor` answer for a duty in place of `leaving`."""
    name, _colon, own_key = key.partition(":")
    _registers[name].hand_over(own_key, leaving, successor, by)
