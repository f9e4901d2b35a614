"""Pages for what goes wrong, in the language of the address, each with a way on.

Visitors' pages ask the database nothing: they must work when it does not. Who is signed in keeps the
band, and is told on a refusal what it would take.
"""

import errno
import logging
import sys
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override

from orgs import user_log
from orgs.models import User
from orgs.refusals import explain
from orgs.routes import route_of
from services.site.context import languages

_logger = logging.getLogger(__name__)

_RETRY_AFTER = 60  # seconds
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Answer = Callable[[HttpRequest], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 400: the request can't be understood."""
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: this is not for this reader."""
    return _answer_to_reader(
        request, 403, lambda user: {"refusal": explain(user, getattr(exception, "capabilities", ()))}
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404: there is no such page (any more)."""
    return _answer_to_reader(request, 404, lambda _user: {})


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413: more than one request may bring."""
    return _answer(request, 413)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429: more of one kind of request than one address may send; of signing in it is logged."""
    if request.method == "POST":
        user_log.record(user_log.Event.SIGN_IN_FAILED, request=request, slowed=True, route=route_of(request))
    response = _answer(request, 429)
    response.headers["Retry-After"] = str(_RETRY_AFTER)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: the fault is ours; or 503, for a moment, where the fault may pass.

    That is a database that does not answer in time, or no room for a file that was sent. What was typed
    into a form stands on the page, to be sent again.
    """
    error = sys.exc_info()[1]
    no_room = isinstance(error, OSError) and error.errno in _NO_ROOM
    if not (no_room or isinstance(error, OperationalError | InterfaceError)):
        return _answer(request, 500)
    if typed := _typed(request):
        locked = isinstance(error and error.__cause__, psycopg.errors.LockNotAvailable)
        response = _answer(request, 503, "errors/503_unsaved.html", {"locked": locked} | typed)
    else:
        response = _answer(request, 503)
    response.headers["Retry-After"] = str(_RETRY_AFTER)
    return response


def _answer_to_reader(
    request: HttpRequest, status: int, more: Callable[[User], dict[str, Any]]
) -> HttpResponse:
    """Answer with the band of whoever is signed in, as far as the database answers."""
    try:
        user = getattr(request, "user", None)
        if isinstance(user, User) and user.is_authenticated:
            with override(_language(request)):
                context = {"status": status} | more(user)
                return HttpResponse(
                    render_to_string(f"errors/{status}.html", context, request), status=status
                )
    except DatabaseError:
        _logger.exception("error_page_without_database")
    return _answer(request, status)


def _typed(request: HttpRequest) -> dict[str, Any] | None:
    """Return what it takes to send a form again; None where there is none, or where it holds secrets."""
    if request.method != "POST":
        return None
    try:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        files = [str(file.name) for name in request.FILES for file in request.FILES.getlist(name)]
    except (DatabaseError, BadRequest, SuspiciousOperation, MultiPartParserError, RawPostDataException):
        return None
    except OSError:  # of a file that there is no room for
        return None
    names = {name for name, _value in typed}
    if not names - {"csrfmiddlewaretoken"} or any("password" in name or "code" in name for name in names):
        return None
    return {
        "typed": [one for one in typed if one[0] != "csrfmiddlewaretoken"],
        "files": files,
        "address": request.get_full_path(),
        "token": get_token(request),
    }


def _answer(
    request: HttpRequest, status: int, template: str = "", more: dict[str, Any] | None = None
) -> HttpResponse:
    """Render without the request: its user would be read from the database."""
    with override(_language(request)):
        context: dict[str, Any] = {
            "page_languages": languages(request.path_info),
            "demo": settings.DEMO,
            "status": status,
        } | (more or {})
        page = render_to_string(template or f"errors/{status}.html", context)
        return HttpResponse(page, status=status)


def _language(request: HttpRequest) -> str:
    return get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
