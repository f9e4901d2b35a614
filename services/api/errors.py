"""What was wrong with a request, as JSON:API says it: what, where, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response


class BadParameter(exceptions.ParseError):
    """A parameter of the address that means nothing here; `parameter` names it as it was written."""

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


@dataclass(frozen=True)
class Fault:
    """What is wrong with what was sent, and where in it: a JSON pointer."""

    pointer: str
    detail: str


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer that leads along the steps (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


class Unprocessable(exceptions.APIException):
    """What was sent can't be done as it stands; each fault says where and why."""

    status_code: int = status.HTTP_422_UNPROCESSABLE_ENTITY

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(one.detail for one in faults))
        self.faults = faults


class Forbidden(Unprocessable):
    """Some of what was sent is not the sender's to change; each fault says which."""

    status_code: int = status.HTTP_403_FORBIDDEN


class Stands(exceptions.APIException):
    """What stands now does not allow it: 409, or 412 and 428 for what `If-Match` said."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.status_code = code


def unknown(name: str, known: Iterable[str]) -> str:
    """Return the words for a name that means nothing, with those that do."""
    told = {"name": name, "known": ", ".join(known)}
    return _("%(name)s is not known here. Known are: %(known)s.") % told


def answer_of(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Return the answer to a request that failed; None for a fault of ours, which is noted as such."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("There is nothing at this address."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or _("This is not yours to see or to do."))
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if asked_for := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = asked_for
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response({"errors": list(_errors(error))}, status=error.status_code, headers=headers)


def _errors(error: exceptions.APIException) -> list[dict[str, Any]]:
    said: dict[str, Any] = {
        "status": str(error.status_code),
        "title": _TITLES.get(error.status_code, "Error"),
        "detail": str(error.detail),
    }
    if about := getattr(error, "about", None):
        said["links"] = {"about": about}
    if isinstance(error, BadParameter):
        said["source"] = {"parameter": error.parameter}
    if isinstance(error, Unprocessable):
        return [said | {"detail": one.detail, "source": {"pointer": one.pointer}} for one in error.faults]
    return [said]


# As HTTP names them, in English everywhere: programs read these.
_TITLES = {
    status.HTTP_400_BAD_REQUEST: "Bad Request",
    status.HTTP_401_UNAUTHORIZED: "Unauthorized",
    status.HTTP_403_FORBIDDEN: "Forbidden",
    status.HTTP_404_NOT_FOUND: "Not Found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "Method Not Allowed",
    status.HTTP_409_CONFLICT: "Conflict",
    status.HTTP_410_GONE: "Gone",
    status.HTTP_412_PRECONDITION_FAILED: "Precondition Failed",
    status.HTTP_422_UNPROCESSABLE_ENTITY: "Unprocessable Content",
    status.HTTP_428_PRECONDITION_REQUIRED: "Precondition Required",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "Unsupported Media Type",
    status.HTTP_429_TOO_MANY_REQUESTS: "Too Many Requests",
}
