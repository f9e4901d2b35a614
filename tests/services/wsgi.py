"""Asking a WSGI application as a server does."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.test import RequestFactory


@dataclass(frozen=True)
class Said:
    """What an application answered."""

    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ_of(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """Return what a server gives an application; `headers` as in WSGI: HTTP_COOKIE."""
    environ: dict[str, Any] = RequestFactory().generic(method, path).environ
    environ.pop("HTTP_COOKIE", None)
    return environ | {"HTTP_HOST": "127.0.0.1", "wsgi.input": io.BytesIO()} | headers


def ask(application: Application, path: str, method: str = "GET", **headers: str) -> Said:
    """Ask for a path and read the answer to its end."""
    said: dict[str, Any] = {}

    def start_response(status: str, own: list[tuple[str, str]], exc_info: Any = None) -> None:
        said.update(status=status, headers=own)

    body = application(environ_of(path, method, **headers), start_response)
    whole = b"".join(body)
    if close := getattr(body, "close", None):
        close()
    names = [name.lower() for name, _value in said["headers"]]
    assert len(set(names) - {"set-cookie"}) == len([name for name in names if name != "set-cookie"])
    return Said(said["status"], {name.lower(): value for name, value in said["headers"]}, whole)
