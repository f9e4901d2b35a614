"""Names as people write them: words, and nothing that a mail program makes a link or a new line of."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SIGNS = frozenset("@/\\<>|→")


def validate_name(value: str) -> None:
    """Refuse line breaks, control characters and addresses: a name stands in other people's mail."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in value):
        raise ValidationError(_("Write the name on one line, with letters and spaces."))
    if any(sign in _SIGNS for sign in value) or any(_is_address(word) for word in value.split()):
        raise ValidationError(_("Write the name without any address."))


def _is_address(word: str) -> bool:
    """Tell whether a word looks like the name of a site: two long parts with a dot between them."""
    before, dot, after = word.strip(".,;:!?()").rpartition(".")
    return bool(dot) and len(before) > 1 and len(after) > 1 and after.isalpha()


def as_name(value: str) -> str:
    """Return a name that came from elsewhere if it is one, empty if not."""
    try:
        validate_name(value)
    except ValidationError:
        return ""
    return value
