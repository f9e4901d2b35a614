"""Devices on which a person has signed in before: guessing elsewhere does not slow them down there.

A signed cookie says so. It opens nothing; it only lets its own person's tries be counted apart
from those of strangers (checklist: authentication).
"""

import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orgs.models import User

COOKIE = "device"
_SALT = "orgs.devices"
_AGE = 365 * 24 * 60 * 60  # seconds
_MOST_PEOPLE = 5  # who share a computer
_PROVED = "_proved_here"


def proved(request: HttpRequest, user: User) -> None:
    """Note that `user` has just shown on this device who it is, as by the link in a mail."""
    setattr(request, _PROVED, user.pk)


def known_to(request: HttpRequest, user: User | None) -> str | None:
    """Return the device's own number where `user` has signed in on it before."""
    device, people = _read(request)
    return device if user is not None and user.pk in people else None


def mark(request: HttpRequest, response: HttpResponseBase, user: User | None) -> None:
    """Have the device remember who signed in on it, or proved it otherwise, in this request."""
    number = user.pk if user is not None else getattr(request, _PROVED, None)
    if number is None:
        return
    device, people = _read(request)
    if number in people:
        return
    said: dict[str, Any] = {"device": device, "people": [number, *people][:_MOST_PEOPLE]}
    response.set_cookie(
        COOKIE,
        signing.dumps(said, salt=_SALT),
        max_age=_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return uuid.uuid4().hex, []
    return said["device"], said["people"]
