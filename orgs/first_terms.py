"""The terms of the first joint agreement: what a new agreement, the demo and a scenario start from."""

from typing import Any

from orgs.terms import FIRST, Terms, terms_from


def first_terms(**changed: Any) -> Terms:
    """Return the terms of the first agreement, with those of `changed` (plain values) in their place.

    Raises ValidationError with a message for each that is wrong, and KeyError for a name that is no
    term's.
    """
    if unknown := sorted(set(changed) - set(FIRST)):
        raise KeyError(", ".join(unknown))
    return terms_from({**FIRST, **changed})
