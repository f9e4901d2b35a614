"""Deny by default: which audiences' fields of a published service a person may read."""

from typing import Any

from orgs.access import Reader, reads_internal
from services.fields import Audience


def audiences_of(user: Reader) -> frozenset[Audience]:
    """Return the audiences whose fields `user` may read in a published service."""
    return frozenset({Audience.PUBLIC, Audience.INTERNAL} if reads_internal(user) else {Audience.PUBLIC})


def visible_section(user: Reader, version: Any, audience: Audience) -> dict[str, Any] | None:
    """Return one section of a version's document, or None where `user` may not read it."""
    if audience not in audiences_of(user):
        return None
    section: dict[str, Any] = getattr(version, f"{audience.value}_document")
    return section
