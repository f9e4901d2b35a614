"""What every page knows: its languages and whether it shows demo content. Asks the database nothing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info, override


@dataclass(frozen=True)
class PageLanguage:
    """A language in which this page can be read, and where."""

    code: str
    name: str
    url: str
    current: bool

    @property
    def absolute_url(self) -> str:
        """The address for search engines, on the public host."""
        return absolute(self.url)


def absolute(path: str) -> str:
    """Return the public address of a path of ours."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the context that the base template needs."""
    return {
        "page_languages": languages(request.get_full_path()),
        "canonical": absolute(request.path),
        "demo": settings.DEMO,
    }


def languages(full_path: str) -> list[PageLanguage]:
    """Return each language with the address of the same page in it, query part included."""
    now = get_language()
    return [
        PageLanguage(code, _own_name(code), _in_language(full_path, code, now), code == now)
        for code, _name in settings.LANGUAGES
    ]


def _own_name(code: str) -> str:
    name = str(get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]


def _in_language(full_path: str, code: str, now: str | None) -> str:
    url = translate_url(full_path, code)
    if url == full_path and code != now:  # no page of ours: an error page, for one
        with override(code):
            return reverse("site:front")
    return url
