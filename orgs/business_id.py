"""Finnish business ids (Y-tunnus): seven digits, a hyphen and a check digit."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def check_digit(digits: str) -> int | None:
    """Return the check digit of seven digits; None where the number series skips them.

    The digits are weighted 7, 9, 10, 5, 8, 4, 2 and summed; the remainder by 11 gives the check
    digit: 0 for 0, 11 minus the remainder otherwise, and none at all for 1.
    """
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return {0: 0, 1: None}.get(remainder, 11 - remainder)


def validate_business_id(value: str) -> None:
    """Refuse what is no business id."""
    if not re.fullmatch(r"\d{7}-\d", value, re.ASCII):
        raise ValidationError(
            _("Write the business id with seven digits, a hyphen and a check digit, like 0201256-6.")
        )
    if check_digit(value[:7]) != int(value[-1]):
        raise ValidationError(
            _("The check digit of the business id %(value)s is wrong. Look for a digit typed wrong."),
            params={"value": value},
        )
