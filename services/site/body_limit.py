"""How much one request may bring along, asked before anything of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from services.site.errors import too_large


class BodyLimitMiddleware:
    """Answers 413 to bodies that are too large; visitors have no files to send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse by the length that the request says it has; without one nothing is read."""
        length = _length(request)
        if length > settings.LARGEST_VISITORS_BODY and (
            length > settings.LARGEST_BODY or not request.user.is_authenticated
        ):
            return too_large(request)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    said = str(request.META.get("CONTENT_LENGTH") or "")
    return int(said) if said.isdecimal() and len(said) < 15 else 0
