"""Exact shares as people write them: "1/3", "0,25" or "12,5 %"."""

import re
from fractions import Fraction

# No exponents: "1e10000000" alone would keep the machine busy for seconds.
_SHARE = re.compile(r"([0-9]{1,12})(?:/([0-9]{1,12})|\.([0-9]{1,12}))?(%?)")


def share_from(text: str) -> Fraction:
    """Return the share that a text says; raises ValueError where it says none."""
    found = _SHARE.fullmatch(re.sub(r"\s", "", text[:60]).replace(",", "."))
    if found is None or (found[2] and int(found[2]) == 0):
        raise ValueError(text)
    whole, below, decimals, percent = found.groups()
    share = Fraction(int(whole), int(below)) if below else Fraction(f"{whole}.{decimals or 0}")
    return share / 100 if percent else share
