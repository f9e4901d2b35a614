"""Who may keep an answer: nobody, unless the view says that it is the same for everyone.

A public answer depends on its address, on the parameters that its view declares, on the day and on what
it shows; nothing else of a request reaches the view. What it shows is told by tags, so that whoever
keeps answers can drop those that a change touches: `services.answers` and, in front of us, a CDN.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from services.tags import LIST, ORGANISATION, VOCABULARY, service_tag

View = Callable[..., HttpResponse]

# Where a WSGI environment tells the layer before Django what the view declared.
DECLARED = "palvelumanuaali.declared"
_SHOWN = "palvelumanuaali.shown"
# Declared by a view that reads every parameter, or refuses it: none is passed over in silence.
EVERY = "*"


@dataclass(frozen=True)
class Declared:
    """What a view says of its answer: the parameters that it reads, and the tags of what it shows.

    `in_any_language` tells that it is the same whatever language the reader's browser asks for.
    """

    parameters: tuple[str, ...]
    tags: frozenset[str]
    in_any_language: bool = False


def shows(request: HttpRequest, services: Iterable[int], *, others: bool = False) -> None:
    """Say that a public answer shows these services only; with `others`, that any other may come to it."""
    request.META[_SHOWN] = {service_tag(one) for one in services} | ({LIST} if others else set())


def public_answer(*parameters: str, in_any_language: bool = False) -> Callable[[View], View]:
    """Declare a view's answer the same for everyone who is not signed in.

    Of the query only `parameters` reach the view. The answer shows any of the services unless the view
    says which (`shows`). A signed-in reader's page carries the reader's name, so it stays private.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _reduce(request, parameters)
            reader = request.user  # of the session; a view of the interface asks nobody who it is
            response = view(request, *args, **kwargs)
            if reader.is_authenticated or "HTTP_AUTHORIZATION" in request.META or response.status_code != 200:
                return response
            tags = frozenset({VOCABULARY, ORGANISATION} | request.META.get(_SHOWN, {LIST}))
            request.META[DECLARED] = Declared(parameters, tags, in_any_language)
            _let_keep(response, tags)
            return response

        return wrapped

    return decorate


def meaningful(query: QueryDict, parameters: Iterable[str]) -> QueryDict:
    """Return the parameters that mean something, in the order of their declaration, no value twice.

    White space within a value counts as one space, an empty value as none. Where EVERY one is declared,
    all stay as they are, in the order of their names.
    """
    kept = QueryDict(mutable=True)
    if EVERY in parameters:
        for name in sorted(query):
            kept.setlist(name, query.getlist(name))
        return kept
    for name in parameters:
        values = (" ".join(value.split()) for value in query.getlist(name))
        if found := list(dict.fromkeys(filter(None, values))):
            kept.setlist(name, found)
    return kept


def _reduce(request: HttpRequest, parameters: Iterable[str]) -> None:
    """Let a request have nothing in its query but what its view declares."""
    request.GET = meaningful(request.GET, parameters)  # type: ignore[assignment]
    request.META["QUERY_STRING"] = request.GET.urlencode()


def _let_keep(response: HttpResponse, tags: Iterable[str]) -> None:
    """Let browsers ask again whether an answer is still right, and shared caches keep it as settings say."""
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    if settings.SHARED_CACHE_SECONDS:
        patch_cache_control(response, s_maxage=settings.SHARED_CACHE_SECONDS)
    response.headers["Surrogate-Key"] = " ".join(sorted(tags))
    patch_vary_headers(response, ["Authorization", "Cookie", "HX-Request"])


class PrivateByDefaultMiddleware:
    """Mark every answer that no view declared public as private and not to be stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with a Cache-Control header in any case."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
