"""A form field for short texts in several languages: one box a language, never raw JSON."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator


class TextsWidget(forms.MultiWidget):
    """One box for each language of the interface."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, one_line: bool = False) -> None:
        box = forms.TextInput if one_line else forms.Textarea
        size = {} if one_line else {"rows": 2, "cols": 50}
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            code: box(size | {"lang": code, "aria-label": name, "title": name})
            for code, name in settings.LANGUAGES
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        """Return the text for each box."""
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]


class TextsFormField(forms.MultiValueField):
    """Texts by language; empty boxes are left out. `longest` is in letters, of each."""

    def __init__(
        self, *, required: bool = True, one_line: bool = False, longest: int | None = None, **more: Any
    ) -> None:
        for unwanted in ("encoder", "decoder", "max_length"):
            more.pop(unwanted, None)
        bounds = [MaxLengthValidator(longest)] if longest else []
        boxes = [
            forms.CharField(required=False, label=name, validators=bounds)
            for _code, name in settings.LANGUAGES
        ]
        # A hidden box with the texts as they were would have to be read back from a form of its own.
        more |= {"widget": TextsWidget(one_line=one_line), "show_hidden_initial": False}
        super().__init__(boxes, required=required, require_all_fields=False, **more)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """Return the texts by language code."""
        pairs = zip((code for code, _name in settings.LANGUAGES), data_list, strict=False)
        return {code: text for code, text in pairs if text}
