"""Names that may stand in addresses: not those at which we have a page of our own."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override


def validate_free_address(value: str) -> None:
    """Refuse an organisation's identifier whose page another page of ours would hide, in any language."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            path = reverse("orgs:organisation", args=[value])
            taken = resolve(path).view_name != "orgs:organisation"
        if taken:
            raise ValidationError(
                _("The address %(value)s is a page of ours already. Choose another identifier."),
                params={"value": value},
            )
