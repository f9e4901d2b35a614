"""A form as a browser would send it: every control with its value, the hidden ones too."""

from typing import Any

from lxml import html


def as_a_browser_sends(page: bytes, *, of: str = "") -> dict[str, list[str]]:
    """Return the values of the page's form that posts (the one with the id `of`), ready to be posted."""
    whole: Any = html.fromstring(page)
    forms = [form for form in whole.forms if form.method == "POST"]
    form = next(form for form in forms if not of or form.get("id") == of)
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    for radio in form.xpath(".//input[@type='radio'][@checked]"):
        sent[radio.name] = [radio.get("value", "on")]  # an empty value is a value
    return sent
