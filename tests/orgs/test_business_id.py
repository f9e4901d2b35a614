"""Business ids with their check digit."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orgs.business_id import validate_business_id

seven_digits = st.integers(0, 9_999_999).map(lambda number: f"{number:07}")


# Reckoned by hand: 0201256 gives 0*7+2*9+0*10+1*5+2*8+5*4+6*2 = 71, remainder 5, check digit 6.
@pytest.mark.parametrize("value", ["0201256-6", "0101263-6", "0124610-9", "0127485-5", "0131297-0"])
def test_the_ids_of_real_cities_are_right(value: str) -> None:
    validate_business_id(value)


@pytest.mark.parametrize(
    "value",
    ["0201256-5", "0201265-6", "201256-6", "02012566", "0201256-66", "abcdefg-h", "0201256–6", "٠٢٠١٢٥٦-٦"],
)
def test_what_is_mistyped_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        validate_business_id(value)


@given(seven_digits, st.integers(0, 9), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, check: int, place: int, change: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert not (is_right(f"{digits}-{check}") and is_right(f"{wrong}-{check}"))


@given(seven_digits)
def test_a_series_has_one_check_digit_or_none(digits: str) -> None:
    assert sum(is_right(f"{digits}-{check}") for check in range(10)) in (0, 1)


def is_right(value: str) -> bool:
    try:
        validate_business_id(value)
    except ValidationError:
        return False
    return True
