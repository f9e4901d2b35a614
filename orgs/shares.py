"""Exact shares as people write them, "1/3", "0,25" or "12,5 %", and the votes they give."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from typing import Any

from babel.numbers import format_percent

from orgs.localised import page_language

# No exponents: "1e10000000" alone would keep the machine busy for seconds.
_SHARE = re.compile(r"([0-9]{1,12})(?:/([0-9]{1,12})|\.([0-9]{1,12}))?(%?)")


def percent(share: Fraction) -> str:
    """Return a share in per cent in the form of the page's language: 20 %, 33,33 %, 33.33%."""
    pattern = "#,##0.##%" if page_language() == "en" else "#,##0.##\N{NO-BREAK SPACE}%"
    return str(format_percent(Decimal(share.numerator) / share.denominator, pattern, locale=page_language()))


def votes_of(shares: Mapping[Any, Fraction], majority: Fraction) -> tuple[dict[Any, int], int]:
    """Return the votes of each share in whole numbers, and how many votes are a majority.

    Votes are weighted by cost share, exactly (docs/rules.md section 7): the least common denominator
    of the shares is the number of all votes.

    >>> votes_of({"a": Fraction(1, 2), "b": Fraction(1, 3), "c": Fraction(1, 6)}, Fraction(2, 3))
    ({'a': 3, 'b': 2, 'c': 1}, 4)
    """
    whole = lcm(*(share.denominator for share in shares.values())) if shares else 0
    return {one: int(share * whole) for one, share in shares.items()}, ceil(majority * whole)


def share_from(text: str) -> Fraction:
    """Return the share that a text says; raises ValueError where it says none."""
    found = _SHARE.fullmatch(re.sub(r"\s", "", text[:60]).replace(",", "."))
    if found is None or (found[2] and int(found[2]) == 0):
        raise ValueError(text)
    whole, below, decimals, percent = found.groups()
    share = Fraction(int(whole), int(below)) if below else Fraction(f"{whole}.{decimals or 0}")
    return share / 100 if percent else share
