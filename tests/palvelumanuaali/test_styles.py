"""No style outlives what it was for, and mail has the colours of the pages."""

import re

from django.conf import settings

ROOMS = ("orgs", "services", "workflow", "sanctions", "palvelumanuaali")
# Set by what we build on: the editor, htmx, forms of Django's own.
OF_OTHERS = {"ProseMirror", "htmx-request", "errorlist"}


def test_every_class_of_the_styles_is_used() -> None:
    styles = "".join(path.read_text() for path in (settings.BASE_DIR / "static/css").glob("*.css"))
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)))
    places = [settings.BASE_DIR / "templates", settings.BASE_DIR / "static/js"]
    files = [path for place in places for path in place.rglob("*.*")]
    files += [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text() for path in files)))
    assert classes - words - OF_OTHERS == set()


def test_mail_has_the_colours_of_the_light_theme() -> None:
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light = set(re.findall(r"#[0-9a-f]{6}", tokens[: tokens.index("@supports")]))
    mail = (settings.BASE_DIR / "templates/notices/layout.html").read_text()
    assert set(re.findall(r"#[0-9a-f]{6}", mail)) <= light


def test_no_template_has_a_line_that_must_be_scrolled() -> None:
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    lines = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in templates
        if path.name != "map.html"  # a drawing
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert lines == []
