"""The WSGI layer before Django: answers from memory what anyone may read."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from services.answers.answer import Answer, Headers, encoding_for
from services.answers.keys import LONGEST_PATH, LONGEST_QUERY, Key, could_be_anyone, key_of, query_of
from services.answers.remembered import Budget, Remembered
from services.answers.rows import Rows
from services.answers.store import Store
from services.site.caching import DECLARED, Declared

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Shape = tuple[str, ...]  # the parameters that the view of a path reads
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What an answer may vary by, since a key tells it.
_VARIES = frozenset({"accept-encoding", "authorization", "cookie", "hx-request"})
# For how long one who asks for what is being made waits for it, in seconds.
_PATIENCE = 10
# Bytes for what is known of paths, queries and encodings, together.
_REMEMBERED = 16_000_000
_EXISTS = "palvelumanuaali.exists"
_LONGEST_ACCEPT = 200


class Making:
    """An answer that is being made, and those who wait for it."""

    __slots__ = ("answer", "done")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Answer | None = None


class Found(NamedTuple):
    """An answer that may be kept, what its view declared, and as of when it is.

    `since` is the store's moment, `heard` the follower's, both from before it was begun.
    """

    answer: Answer
    declared: Declared
    since: int
    heard: str | None
    is_row: bool = False


class PublicAnswers:
    """Answers from `store` what is there, and keeps there what the application declares public.

    `heard` tells the snapshot of the database whose changes were all heard of: while it is None, nothing
    is kept.
    `day_ends` returns the moment (Unix time) at which the day that pages are made for ends. `rows` are
    the answers that processes share, where they do.
    """

    def __init__(
        self,
        application: Application,
        store: Store[Key, Answer],
        *,
        personal: frozenset[str],
        heard: Callable[[], str | None],
        day_ends: Callable[[], float],
        rows: Rows | None = None,
    ) -> None:
        self.application, self.store = application, store
        self.hits = self.misses = self.unchanged = self.passed = self.not_kept = self.waited = self.made = 0
        self._personal = personal
        self._heard = heard
        self.rows = rows
        self._day_ends = day_ends
        self._until = 0.0
        # Which parameters the view of a path reads, learnt from its first answer; None for a path whose
        # answer no view declared, as of static files: no row is looked for.
        remembered = Budget(_REMEMBERED)
        self._shapes: Remembered[str, Shape | None] = remembered.memory()
        # What was made of queries and of encodings that were asked for: the same ones come again.
        self._queries: Remembered[tuple[str, Shape], tuple[str | None]] = remembered.memory()
        self._encodings: Remembered[str, str] = remembered.memory()
        self._making: dict[Key, Making] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or let the application answer."""
        if not could_be_anyone(environ, self._personal):
            self.passed += 1
            return self.application(environ, start_response)
        if time.time() >= self._until:
            self._begin_day()
        key, answer = self._kept(environ)
        if key is None:
            return self._first(environ, start_response)
        if answer is not None:
            self.hits += 1
            return self._give(answer, key, environ, start_response)
        return self._make(key, environ, start_response)

    def hit(self, environ: Environ, start_response: StartResponse) -> list[bytes] | None:
        """Answer at once what is kept; None, and nothing started, where that would take work."""
        if not could_be_anyone(environ, self._personal) or time.time() >= self._until:
            return None
        key, answer = self._kept(environ)
        accept = environ.get("HTTP_ACCEPT_ENCODING")
        if answer is None or (accept and self._encoding(accept) not in answer.forms):
            return None
        self.hits += 1
        return self._give(answer, key, environ, start_response)

    def _kept(self, environ: Environ) -> tuple[Key | None, Answer | None]:
        """Return which answer is asked for, where that is known, and the answer, where it is kept."""
        shape = self._shapes.get(environ["PATH_INFO"])
        key = None if shape is None else self._key(environ, shape)
        return key, None if key is None else self.store.get(key)

    def _key(self, environ: Environ, parameters: tuple[str, ...]) -> Key | None:
        raw = environ.get("QUERY_STRING")
        if not raw:
            return key_of(environ, "")
        known = self._queries.get((raw, parameters))
        if known is None and len(raw) > 2 * LONGEST_QUERY:
            known = (query_of(raw, parameters),)  # too long to be remembered
        elif known is None:
            # One that means nothing, or is too long, is remembered as well: as an empty one, or a None.
            known = (query_of(raw, parameters),)
            self._queries.keep((raw, parameters), known, len(raw) + len(known[0] or ""))
        return key_of(environ, known[0])

    def _begin_day(self) -> None:
        self.store.clear()
        self._until = self._day_ends()

    def _first(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer for a path that nothing is known of, or that is not kept."""
        path = environ["PATH_INFO"]
        is_looked_up = path not in self._shapes and not environ.get("QUERY_STRING")
        key = key_of(environ, "") if is_looked_up else None
        found, passed_on = self._made(key, environ, start_response)
        if found is None:
            if environ.pop(_EXISTS, False) and len(path) <= LONGEST_PATH:
                self._shapes.keep(path, self._shapes.get(path), len(path))
            return passed_on
        if len(path) <= LONGEST_PATH:
            self._shapes.keep(path, found.declared.parameters, len(path))
        key = key or self._key(environ, found.declared.parameters)
        if key is not None:
            self._keep(key, found)
        return self._give(found.answer, key, environ, start_response)

    def _make(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Make an answer once for all who ask for it at the same time."""
        while True:
            with self._lock:
                making = self._making.get(key)
                if making is None:
                    own = self._making[key] = Making()
                    break
                since = self.store.moment
            self.waited += 1
            if not making.done.wait(_PATIENCE):
                return self.application(environ, start_response)
            if making.answer is None:  # nothing to be shared
                return self._first(environ, start_response)
            # It was begun before one asked: it is right as long as nothing was dropped since.
            if since == self.store.moment:
                return self._give(making.answer, key, environ, start_response)
        try:
            found, passed_on = self._made(key, environ, start_response)
            if found is None:
                return passed_on
            own.answer = found.answer
            self._keep(key, found)
            return self._give(found.answer, key, environ, start_response)
        finally:
            with self._lock:
                self._making.pop(key, None)
            own.done.set()

    def _keep(self, key: Key, found: Found) -> None:
        heard = found.heard
        kept = heard is not None and self.store.put(key, found.answer, since=found.since)
        self.not_kept += not kept
        if self.rows and heard is not None and not found.is_row:
            self.rows.put(key, found.answer, found.declared, heard)

    def _made(
        self, key: Key | None, environ: Environ, start_response: StartResponse
    ) -> tuple[Found | None, Iterable[bytes]]:
        """Return what another process made, or what the application answers now."""
        self.misses += 1
        since, heard = self.store.moment, self._heard()
        row = self.rows.get(key) if self.rows and key else None
        if row:
            return Found(*row, since, heard, is_row=True), []
        answered, passed_on = self._ask(environ, start_response)
        self.made += answered is not None
        return (Found(*answered, since, heard) if answered else None), passed_on

    def _ask(
        self, environ: Environ, start_response: StartResponse
    ) -> tuple[tuple[Answer, Declared] | None, Iterable[bytes]]:
        """Let the application answer; return what may be kept, or the answer to be passed on as it is."""
        said: dict[str, Any] = {}
        method = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"

        def listen(status: str, headers: Headers, exc_info: Any = None) -> None:
            said.update(status=status, headers=headers, exc_info=exc_info)

        body = self.application(environ, listen)
        environ["REQUEST_METHOD"] = method
        status, headers = said["status"], said["headers"]
        declared = environ.pop(DECLARED, None)
        if not isinstance(declared, Declared) or not _may_be_kept(status, headers, declared):
            # Nothing is remembered of addresses that lead nowhere: there is no end of them.
            environ[_EXISTS] = status.startswith("200")
            start_response(status, headers, *filter(None, [said["exc_info"]]))
            return None, _without_body(body) if method == "HEAD" else body
        whole = b"".join(body)
        _close(body)
        return (Answer(whole, headers, declared.tags), declared), []

    def _give(
        self, answer: Answer, key: Key | None, environ: Environ, start_response: StartResponse
    ) -> list[bytes]:
        # In lists: granian sends those as they are, and asks anything else for its parts one by one.
        accept = environ.get("HTTP_ACCEPT_ENCODING")
        form = answer.forms[""]
        if accept and (encoding := self._encoding(accept)):
            known = len(answer.forms)
            form = answer.in_encoding(encoding)
            if len(answer.forms) != known and key is not None:
                self.store.grew(key, answer)
        if (had := environ.get("HTTP_IF_NONE_MATCH")) and answer.is_had_by(had):
            self.unchanged += 1
            start_response("304 Not Modified", form.unchanged)
            return []
        start_response("200 OK", form.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]

    def _encoding(self, accept: str) -> str:
        known = self._encodings.get(accept)
        if known is None:
            known = encoding_for(accept)
            if len(accept) <= _LONGEST_ACCEPT:
                self._encodings.keep(accept, known, len(accept))
        return known


def _may_be_kept(status: str, headers: Headers, declared: Declared) -> bool:
    """Tell whether an answer that a view declared public is the same for everyone, by what it says itself."""
    if not status.startswith("200"):
        return False
    public = False
    varies = _VARIES | {"accept-language"} if declared.in_any_language else _VARIES
    for name, value in headers:
        match name.lower():
            case "set-cookie" | "content-encoding":
                return False
            case "vary" if not varies.issuperset(one.strip().lower() for one in value.split(",")):
                return False
            case "content-security-policy" if "'nonce-" in value:
                return False
            case "cache-control":
                public = "public" in value and "no-store" not in value and "private" not in value
    return public


def _close(body: Iterable[bytes]) -> None:
    if close := getattr(body, "close", None):
        close()


def _without_body(body: Iterable[bytes]) -> Iterable[bytes]:
    _close(body)
    return []
