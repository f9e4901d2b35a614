"""Pages for what goes wrong, in the language of the address, each with a way on.

None of them asks the database anything: they must work when it does not.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override

from services.site.context import languages

Answer = Callable[[HttpRequest], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 400: the request can't be understood."""
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 403: this is not for this reader."""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404: there is no such page (any more)."""
    return _answer(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413: more than one request may bring."""
    return _answer(request, 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: the fault is ours."""
    return _answer(request, 500)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    """Render without the request: its user would be read from the database."""
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "page_languages": languages(request.path_info),
            "demo": settings.DEMO,
            "status": status,
        }
        return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)
