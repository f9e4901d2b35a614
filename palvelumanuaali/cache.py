"""The cache: Valkey, and the database while Valkey is away.

Signing in counts attempts in the cache. Without Valkey it goes on, and so does the counting.
"""

import time
from typing import Any

import orjson
import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

_logger = structlog.get_logger(__name__)
FALLBACK_TABLE = "cache_fallback"
_REST = 5  # seconds for which a Valkey that did not answer is left in peace


class JsonSerializer:
    """Keeps plain values as JSON: whoever can write to Valkey gets no code run here, as with pickle."""

    def dumps(self, value: Any) -> bytes | int:
        """Return what Valkey keeps; whole numbers as they are, so that it can count with them."""
        return value if type(value) is int else orjson.dumps(value)

    def loads(self, data: bytes) -> Any:
        """Return the value."""
        return orjson.loads(data)


class FallingBackCache(BaseCache):
    """Asks Valkey, and where it does not answer the database, under the same keys."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        own = {name: value for name, value in params.items() if name != "OPTIONS"}
        self._first = RedisCache(server, params)
        self._second = DatabaseCache(FALLBACK_TABLE, own)
        self._rests_until = 0.0

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._rests_until:
            try:
                return getattr(self._first, method)(*args, **kwargs)
            except RedisError as error:
                self._rests_until = time.monotonic() + _REST
                _logger.warning("cache_falls_back_to_the_database", error=type(error).__name__)
        return getattr(self._second, method)(*args, **kwargs)


def _asking(method: str) -> Any:
    def ask(self: FallingBackCache, *args: Any, **kwargs: Any) -> Any:
        return self._ask(method, *args, **kwargs)

    return ask


for _method in (
    *("add", "get", "set", "touch", "delete", "has_key", "incr"),
    *("get_many", "set_many", "delete_many", "clear"),
):
    setattr(FallingBackCache, _method, _asking(_method))
