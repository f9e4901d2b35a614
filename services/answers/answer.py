"""A kept answer: its body in each encoding, its headers, and what a browser that has it is told."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence

import brotli

Headers = list[tuple[str, str]]

# Of one connection, or made anew for each answer.
_OWN = frozenset({"content-length", "content-encoding", "etag", "connection", "date", "vary"})
# What a 304 repeats of the answer that it stands for.
_ON_304 = frozenset({"cache-control", "content-location", "expires", "surrogate-key", "etag", "vary"})
_VARY = "Accept-Encoding, Authorization, Cookie, HX-Request"
_BROTLI, _GZIP = "br", "gzip"
_QUALITY = 5
_OVERHEAD = 3000  # bytes of headers, keys and places in queues
_NOT_WORTH_IT = 200  # bytes that a compressed form has to save


class Form:
    """An answer in one encoding."""

    __slots__ = ("body", "headers", "unchanged")

    def __init__(self, body: bytes, headers: Headers) -> None:
        self.body = body
        self.headers = headers
        self.unchanged = [one for one in headers if one[0].lower() in _ON_304]


class Answer:
    """The answer 200 to a request that anyone could make."""

    __slots__ = ("etag", "forms", "headers", "tags")

    def __init__(self, body: bytes, headers: Headers, tags: frozenset[str]) -> None:
        self.tags = tags
        self.etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        self.headers = [one for one in headers if one[0].lower() not in _OWN]
        self.headers += [("ETag", self.etag), ("Vary", _VARY)]
        self.forms = {"": self._form(body, "")}

    @property
    def size(self) -> int:
        """Return how many bytes it takes, about."""
        return _OVERHEAD + sum(len(form.body) for form in self.forms.values())

    def _form(self, body: bytes, encoding: str) -> Form:
        headers = [*self.headers, ("Content-Length", str(len(body)))]
        return Form(body, [*headers, ("Content-Encoding", encoding)] if encoding else headers)

    def in_encoding(self, encoding: str) -> Form:
        """Return the form in an encoding, made when first asked for; the plain one where that is no loss."""
        form = self.forms.get(encoding)
        if form is None:
            plain = self.forms[""]
            body = _compressed(plain.body, encoding)
            form = self._form(body, encoding) if len(body) + _NOT_WORTH_IT < len(plain.body) else plain
            self.forms[encoding] = form
        return form

    def is_had_by(self, if_none_match: str) -> bool:
        """Tell whether a browser that names these entity tags has this very answer (RFC 9110, 13.1.2)."""
        return if_none_match.strip() == "*" or self.etag in _weak(if_none_match)


def _weak(if_none_match: str) -> Iterable[str]:
    tags = (tag.strip() for tag in if_none_match.split(","))
    return {tag if tag.startswith("W/") else f"W/{tag}" for tag in tags}


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == _BROTLI:
        return bytes(brotli.compress(body, quality=_QUALITY))
    return gzip.compress(body, 6, mtime=0)


def encoding_for(accept: str) -> str:
    """Return the encoding to answer in, of an Accept-Encoding header; empty for none.

    Source: RFC 9110, 12.5.3. Brotli comes first where both are as welcome.
    """
    wanted = dict(_weights(accept.lower().split(",")))
    others = wanted.get("*", 0.0)
    best, weight = "", 0.0
    for name in (_BROTLI, _GZIP):
        own = wanted.get(name, others)
        if own > weight:
            best, weight = name, own
    return best if weight >= wanted.get("identity", 0.0) else ""


def _weights(parts: Sequence[str]) -> Iterable[tuple[str, float]]:
    for part in parts:
        name, _semicolon, rest = part.partition(";")
        q = rest.strip().removeprefix("q=") if rest else "1"
        try:
            yield name.strip(), float(q)
        except ValueError:
            yield name.strip(), 0.0
