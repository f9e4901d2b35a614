"""The box for related services: those named already can be taken away, another is added by its name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orgs.localised import page_language
from services.models import PublishedService, Service
from services.names import name_of


class RelatedWidget(forms.MultiWidget):
    """A tick for each related service, and a box for one more."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "kept": forms.CheckboxSelectMultiple(choices=choices),
            "more": forms.TextInput({"class": "in", "aria-label": _("Name or address of another service")}),
        }
        super().__init__(boxes)

    def decompress(self, value: Any) -> list[Any]:
        """Return what is ticked and what stands in the box: nothing, where there is no value."""
        return [[], ""]


class RelatedField(forms.MultiValueField):
    """Ids of published services."""

    def __init__(self, present: "QuerySet[Service, Service]", **more: Any) -> None:
        language = page_language()
        choices = [(row.external_id, name_of(row, language)) for row in present]
        boxes = [
            forms.MultipleChoiceField(choices=choices, required=False),
            forms.CharField(required=False),
        ]
        widget = RelatedWidget(choices)
        super().__init__(boxes, widget=widget, require_all_fields=False, required=False, **more)

    def prepare_value(self, value: Any) -> Any:
        """Return the parts of a value: ids as a document has them, or what was sent, in parts already."""
        sent = isinstance(value, list) and value and isinstance(value[0], list)
        return value if sent else [value or [], ""]

    def compress(self, data_list: list[Any]) -> list[str]:
        """Return the ids; raises ValidationError where no published service has the name."""
        if not data_list:
            return []
        kept, more = data_list
        return [*kept, *([_found(more)] if more else [])]


def _found(words: str) -> str:
    """Return the id of the published service of this name, in any language, or at this address."""
    address = words.rstrip("/").rsplit("/", 1)[-1]
    for found in (_ids(name__iexact=words), _ids(slug=address)):
        if len(found) == 1:
            return found.pop()
    raise ValidationError(_("No published service has exactly this name. Copy its name or its address."))


def _ids(**wanted: str) -> set[str]:
    found: Iterable[str] = PublishedService.objects.filter(**wanted).values_list("external_id", flat=True)
    return set(found)
