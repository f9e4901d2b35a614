"""What is open that a change of terms touches, and what keeps the terms that it had.

This room knows of accounts alone. The rooms above register here what they keep.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import ngettext

from orgs.models import Invitation, User
from orgs.terms import ACCOUNTS, FIELDS, Terms


@dataclass(frozen=True)
class Change:
    """Terms that become others on a day; `groups` are the parts of the agreement in which they do."""

    before: Terms
    after: Terms
    starts_on: datetime.date

    @property
    def groups(self) -> list[Promise]:
        """Return the parts of the agreement with a term that becomes another."""
        return [
            field.metadata["group"]
            for field in FIELDS
            if getattr(self.before, field.name) != getattr(self.after, field.name)
        ]


@dataclass(frozen=True)
class Effect:
    """A sentence on what is open: whether the change touches it, or leaves it as it is."""

    text: str
    touched: bool


Tells = Callable[[Change], Iterator[Effect]]
_BOOKS: dict[str, Tells] = {}


def register(name: str, tells: Tells) -> None:
    """Have a room above tell of what it keeps."""
    _BOOKS[name] = tells


def of(before: Terms, after: Terms, starts_on: datetime.date) -> list[Effect]:
    """Return every effect of a change, what it touches first."""
    change = Change(before, after, starts_on)
    found = [effect for tells in (_accounts, *_BOOKS.values()) for effect in tells(change)]
    return sorted(found, key=lambda effect: not effect.touched)


def _accounts(change: Change) -> Iterator[Effect]:
    if ACCOUNTS not in change.groups:
        return
    accounts = User.objects.filter(is_active=True).count()
    yield Effect(
        ngettext(
            "%(count)s account follows the new numbers from that day on.",
            "%(count)s accounts follow the new numbers from that day on.",
            accounts,
        )
        % {"count": accounts},
        touched=True,
    )
    if sent := Invitation.objects.open().count():
        text = ngettext(
            "%(count)s invitation that was sent keeps its last day.",
            "%(count)s invitations that were sent keep their last day.",
            sent,
        )
        yield Effect(text % {"count": sent}, touched=False)
