"""Telling a shared cache in front of us (a CDN, Varnish) what changed, by the tags of its answers."""

from collections.abc import Iterable
from urllib.request import Request, urlopen

from services.answers.following import Follower
from services.tags import VOCABULARY

_PATIENCE = 5  # seconds


class SharedCache:
    """A cache that drops what has one of the tags in a header of a request to `url`.

    Fastly takes POST with Surrogate-Key, Varnish's xkey PURGE with xkey-purge. `more` are headers that
    it wants besides, as a key.
    """

    def __init__(self, url: str, *, method: str, header: str, more: dict[str, str]) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(url)
        self._url, self._method, self._header, self._more = url, method, header, more

    def drop(self, tags: Iterable[str]) -> None:
        """Have answers with one of the tags dropped; raises OSError where the cache did not do it."""
        headers = self._more | {self._header: " ".join(sorted(tags))}
        request = Request(self._url, method=self._method, headers=headers)  # noqa: S310  checked above
        with urlopen(request, timeout=_PATIENCE):  # noqa: S310
            pass

    def clear(self) -> None:
        """Have all public answers dropped: each has words in it."""
        self.drop([VOCABULARY])


def follower_of(cache: SharedCache) -> Follower:
    """Return who tells the cache of each change, again until it is told; first it drops everything."""
    return Follower(drop=cache.drop, clear=cache.clear, forget=lambda: None)
