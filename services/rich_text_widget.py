"""The form control for rich text: an editor where scripts run, the HTML in a text area where they don't."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from services.rich_text import URL_SCHEMES


class _Tools:
    """What all editors of a page share: toolbar and link dialog, in the language of the page.

    Stands among the scripts of a form's media, so it comes along with them, once a page.
    """

    def __html__(self) -> str:
        schemes = " ".join(sorted(URL_SCHEMES))
        return render_to_string("services/partials/rich_text_tools.html", {"schemes": schemes})


class RichTextWidget(forms.Textarea):
    """A text area that `static/js/rich-text.js` turns into an editor of what `services.rich_text` allows.

    `lang` is the language of the text, where it may differ from the page's. What comes back is HTML
    that nobody has checked: sanitise it.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, lang: str = "") -> None:
        own = {"class": "in"} | ({"lang": lang} if lang else {})
        super().__init__(own | (attrs or {}))

    class Media:
        css = {"all": ["css/rich-text.css"]}
        js = [_Tools(), forms.Script("js/rich-text.js", type="module")]

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Draw the text area inside the element that becomes the editor."""
        return format_html("<rich-text>{}</rich-text>", super().render(name, value, attrs, renderer))
