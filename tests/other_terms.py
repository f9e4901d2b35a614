"""Terms that are others than the first agreement's: one by one, or all at once."""

import datetime
from fractions import Fraction
from typing import Any

from orgs.terms import FIELDS, Terms, plain
from tests import factories


def another(name: str) -> Any:
    """Return a value of the term's kind that is not the first agreement's, as JSON keeps it."""
    value = getattr(factories.terms(), name)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime.time):
        return plain(value.replace(minute=41))
    return plain(Fraction(3, 5) if isinstance(value, Fraction) else value + 2)


def with_another(name: str) -> Terms:
    """Return the terms with one that is another."""
    return factories.terms(**{name: another(name)})


def all_others() -> Terms:
    """Return terms of which every one is another."""
    return factories.terms(**{field.name: another(field.name) for field in FIELDS})
