"""Sessions in the database. What no session of ours was ever named by is not looked for."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Takes a key with anything but letters and digits, a NUL byte say, for no key at all."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]
