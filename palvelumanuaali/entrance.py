"""The way in: who waits for what, so that nobody's waiting is everybody's.

The server has many threads, which cost little while they wait; each request takes one before its body
has come, and keeps it until its answer has left. Kept pages are answered at once. All else needs a place
of its kind: those who still send a body, those who read, files on their way out. Where all places of a
kind are taken, the next one is told to come again, and the other kinds go on. Django itself runs in a
few threads: some for what reads and some for what saves, so that a save that waits for a locked row
holds up no page.
"""

import functools
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any

from palvelumanuaali.database_bounds import PAGE, SAVE, hold

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Hit = Callable[[Environ, StartResponse], list[bytes] | None]

# Places in each process; together they are less than `serve.THREADS`: kept pages always find a thread.
SENDING, READING, LEAVING = 64, 32, 24
# Threads of Django, each with a connection to the database.
_READERS, _SAVERS = 4, 4
_KEPT_IN_MEMORY = 1_000_000  # bytes of a body; more are kept on disk
_SENT_AT_ONCE = 1_000_000  # bytes of a file; larger ones leave piece by piece
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ABOUT_A_BODY = ("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")
_RETRY_AFTER = "5"  # seconds


class FewThreads:
    """Runs the application in threads of its own: one pool for what reads, one for what saves."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._readers = ThreadPoolExecutor(_READERS, "reading", lambda: hold(PAGE))
        self._savers = ThreadPoolExecutor(_SAVERS, "saving", lambda: hold(SAVE))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI has it; what is no file is whole."""
        pool = self._readers if environ["REQUEST_METHOD"] in _SAFE else self._savers
        return pool.submit(self._answer, environ, start_response).result()

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = self._application(environ, start_response)
        if isinstance(body, FileBody) and not body.is_small:
            return body
        try:
            return [b"".join(body)]
        finally:  # in the thread that opened it, where its connection to the database is
            if close := getattr(body, "close", None):
                close()


class Entrance:
    """Lets requests in to the application.

    `hit` answers at once what is kept, or returns None and starts nothing. `largest_body` is in bytes.
    """

    def __init__(self, application: Application, *, hit: Hit | None, largest_body: int) -> None:
        self._application, self._hit, self._largest = application, hit, largest_body
        self._sending = threading.BoundedSemaphore(SENDING)
        self._reading = threading.BoundedSemaphore(READING)
        self._leaving = threading.BoundedSemaphore(LEAVING)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        is_safe = environ["REQUEST_METHOD"] in _SAFE
        if is_safe:
            _without_body(environ)
            if self._hit and (kept := self._hit(environ, start_response)) is not None:
                return kept
        places = self._reading if is_safe else self._sending
        if not places.acquire(blocking=False):
            return _busy(start_response)
        try:
            body = self._let_in(environ, start_response, has_body=not is_safe)
        finally:
            places.release()
        if not isinstance(body, FileBody):
            return body
        if not self._leaving.acquire(blocking=False):
            body.close()
            return _busy(start_response)
        return Leaving(body, self._leaving.release)

    def _let_in(self, environ: Environ, start_response: StartResponse, *, has_body: bool) -> Iterable[bytes]:
        environ["wsgi.file_wrapper"] = FileBody
        if not has_body:
            return self._application(environ, start_response)
        with SpooledTemporaryFile(_KEPT_IN_MEMORY) as body:
            self._read(environ, body)
            return self._application(environ, start_response)

    def _read(self, environ: Environ, body: Any) -> None:
        """Read the whole body before Django takes a thread; Django refuses what is larger by its length."""
        said = str(environ.get("CONTENT_LENGTH") or "")
        if not (said.isdecimal() and int(said) > self._largest):
            sent, length = environ["wsgi.input"], 0
            while length <= self._largest and (chunk := sent.read(65_536)):
                length += len(chunk)
                body.write(chunk)
            body.seek(0)
            environ["CONTENT_LENGTH"] = str(length)
        environ["wsgi.input"] = body


def _without_body(environ: Environ) -> None:
    """Take from what only reads all that tells how a body is to be read: there is none.

    Django would read the query by the charset of the body.
    """
    for name in _ABOUT_A_BODY:
        environ.pop(name, None)


class FileBody:
    """What Django makes of a file that is to be sent (`wsgi.file_wrapper`)."""

    def __init__(self, file: Any, size: int = 65_536) -> None:
        self._file, self._size = file, size

    def __iter__(self) -> Iterator[bytes]:
        return iter(functools.partial(self._file.read, self._size), b"")

    @property
    def is_small(self) -> bool:
        """Tell whether it is sent at once; what does not tell its size leaves piece by piece."""
        return getattr(self._file, "size", _SENT_AT_ONCE) < _SENT_AT_ONCE

    def close(self) -> None:
        """Close the file, and with it the request that it answers."""
        self._file.close()


class Leaving:
    """A file on its way out, at the pace of who reads it."""

    def __init__(self, body: FileBody, gone: Callable[[], None]) -> None:
        self._body, self._gone = body, gone

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        """Give the place to the next one; the server closes once."""
        try:
            self._body.close()
        finally:
            self._gone()


def _busy(start_response: StartResponse) -> list[bytes]:
    """Answer without Django that all places are taken."""
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("Retry-After", _RETRY_AFTER)]
    start_response("503 Service Unavailable", headers)
    return [b"Busy. Please try again in a moment."]
