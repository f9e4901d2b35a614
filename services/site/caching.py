"""Who may keep an answer: nobody, unless the view says that it is the same for everyone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

View = Callable[..., HttpResponse]


def public_answer(*, seconds: int) -> Callable[[View], View]:
    """Declare a view's answer the same for everyone who is not signed in, for `seconds`.

    A signed-in reader's page carries the reader's name, so it stays private.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if request.user.is_authenticated or response.status_code != 200:
                return response
            patch_cache_control(response, public=True, max_age=seconds)
            patch_vary_headers(response, ["Cookie", "HX-Request"])
            return response

        return wrapped

    return decorate


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
