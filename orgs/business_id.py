"""Finnish business ids (Y-tunnus): seven digits, a hyphen and a check digit."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NoNumber
from stdnum.fi import ytunnus


def validate_business_id(value: str) -> None:
    """Refuse what is no business id, written in any other way than with a hyphen, or with a wrong digit."""
    try:
        written = value.isascii() and ytunnus.format(ytunnus.validate(value)) == value
    except InvalidChecksum:
        raise ValidationError(
            _("The check digit of the business id %(value)s is wrong. Look for a digit typed wrong."),
            params={"value": value},
        ) from None
    except NoNumber:
        written = False
    if not written:
        raise ValidationError(
            _("Write the business id with seven digits, a hyphen and a check digit, like 0201256-6.")
        )
