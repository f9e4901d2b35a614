"""What the tests of the public pages share: which pages there are, and pages as a reader sees them."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.urls import reverse
from django.utils.translation import override

from tests.clients import Client

LANGUAGES = ("fi", "sv", "en")
NAMES = (
    *("front", "services", "employers", "organisations", "municipalities"),
    *("about", "accessibility", "privacy", "guide", "favourites"),
)


def address(name: str, *args: str, language: str = "en", query: str = "") -> str:
    with override(language):
        return reverse(f"site:{name}", args=args) + query


def public_addresses(language: str, service: str, organisation: str, municipality: str) -> list[str]:
    """Every kind of public page once."""
    return [
        *(address(name, language=language) for name in NAMES),
        address("service", service, language=language),
        address("organisation", organisation, language=language),
        address("municipality", municipality, language=language),
    ]


def html(client: Client, path: str, status: int = 200, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return str(answer.content.decode())


def words(text: str) -> str:
    """The words of a page, tags and spare spaces away."""
    without_tags = re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style|title)\b.*?</\1>", " ", text))
    return re.sub(r"\s+", " ", without_tags)


def tight(text: str) -> str:
    """Return a page without the white space beside its tags, which is how its template is written."""
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", text))


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))


def elements(text: str, tag: str = "") -> list[Element]:
    reader = _Reader()
    reader.feed(text)
    return [element for element in reader.elements if tag in ("", element.tag)]
