"""Which answer a request asks for. Pure over a WSGI environment.

Only requests that anyone could make are told apart: by host and scheme, path, meaningful query and
whether a part of the page is enough. Whoever brings a session or credentials is nobody's like.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict
from django.http.request import split_domain_port

from services.site.caching import meaningful

Environ = Mapping[str, Any]
# Longer ones are answered and not kept.
LONGEST_QUERY = 600
LONGEST_PATH = 300
_LONGEST_HOST = 255  # RFC 1035


class Key(NamedTuple):
    """An answer's own address."""

    secure: bool
    host: str
    path: str
    fragment: bool
    query: str


def could_be_anyone(environ: Environ, personal: frozenset[str]) -> bool:
    """Tell whether a request reads, and brings nothing that says who asks.

    `personal` are the names of the cookies that do.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    if "HTTP_AUTHORIZATION" in environ or environ.get("SCRIPT_NAME"):
        return False
    cookies = environ.get("HTTP_COOKIE")
    return not cookies or personal.isdisjoint(_names(cookies))


def _names(cookies: str) -> Iterable[str]:
    return (part.partition("=")[0].strip() for part in cookies.split(";"))


def query_of(raw: str, parameters: Iterable[str]) -> str | None:
    """Return what means something to a view that reads `parameters`; None for what is not kept."""
    try:
        query = meaningful(QueryDict(raw), parameters).urlencode()
    except (BadRequest, SuspiciousOperation):  # more parameters than we read
        return None
    return query if len(query) <= LONGEST_QUERY else None


def key_of(environ: Environ, query: str | None) -> Key | None:
    """Return which answer is asked for; `query` is what `query_of` makes of the request's.

    None for what is not kept.
    """
    path = environ["PATH_INFO"]
    if query is None or len(path) > LONGEST_PATH:
        return None
    said = environ.get("HTTP_HOST", "")
    host = _host_of(said) if len(said) <= _LONGEST_HOST else ""
    return Key(is_secure(environ), host, path, _is_part(environ), query) if host else None


@lru_cache(1000)
def _host_of(said: str) -> str:
    """Return a host without its port, which no page shows; empty for what Django takes for none."""
    host, _port = split_domain_port(said)
    return host


def is_secure(environ: Environ) -> bool:
    """Tell whether a request came to us, or to the proxy before us, by https."""
    if environ.get("wsgi.url_scheme") == "https":
        return True
    told = environ.get("HTTP_X_FORWARDED_PROTO")
    # The first of several, as Django reads it.
    return told is not None and told.partition(",")[0].strip() == "https"


def _is_part(environ: Environ) -> bool:
    """Tell whether htmx asks for what changes on a page only (django_htmx reads the same headers)."""
    return (
        environ.get("HTTP_HX_REQUEST") == "true" and environ.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"
    )
