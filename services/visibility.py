"""Deny by default: which audiences' fields of a published service a person may read."""

from orgs.access import Reader, reads_internal
from services.fields import Audience


def audiences_of(user: Reader) -> frozenset[Audience]:
    """Return the audiences whose fields `user` may read in a published service."""
    return frozenset({Audience.PUBLIC, Audience.INTERNAL} if reads_internal(user) else {Audience.PUBLIC})
