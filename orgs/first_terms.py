"""The terms of the first joint agreement: what a new agreement, the demo and a scenario start from."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orgs.terms import Terms, terms_from

_FILE = Path(__file__).parent / "data" / "terms.json"


@cache
def _values() -> Mapping[str, Any]:
    values: Mapping[str, Any] = json.loads(_FILE.read_bytes())
    return values


def first_terms(**changed: Any) -> Terms:
    """Return the terms of the first agreement, with those of `changed` (plain values) in their place.

    Raises ValidationError with a message for each that is wrong, and KeyError for a name that is no
    term's.
    """
    if unknown := sorted(set(changed) - set(_values())):
        raise KeyError(", ".join(unknown))
    return terms_from({**_values(), **changed})
