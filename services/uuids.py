"""The UUIDs by which interfaces know things: made of a type and a key that never changes.

So they are the same in every installation, whichever way the content came there, and kept for ever
(docs/decisions/0039-uuids.md).
"""

import hashlib
import uuid

from django.db.models import CharField, F, Func, UUIDField, Value
from django.db.models.functions import MD5, Cast, Concat

SERVICE = "node--service"


def uuid_of(kind: str, key: str) -> uuid.UUID:
    """Return the UUID of the thing of a type, as `node--service`, that `key` names."""
    digits = hashlib.md5(f"{kind}:{key}".encode(), usedforsecurity=False).hexdigest()
    # Marked as made of a name by MD5 (version 3, RFC 9562).
    return uuid.UUID(f"{digits[:12]}3{digits[13:16]}8{digits[17:]}")


def uuid_from(kind: str, column: str) -> Cast:
    """Return `uuid_of` as the database reckons it, of the key in a column."""
    digits = MD5(Concat(Value(f"{kind}:"), F(column), output_field=CharField()))
    marked = Func(
        digits,
        template="overlay(overlay(%(expressions)s placing '3' from 13) placing '8' from 17)",
        output_field=CharField(),
    )
    return Cast(marked, UUIDField())
