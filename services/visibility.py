"""Deny by default: which services and which of their fields a person may see."""

from typing import TYPE_CHECKING, Any

from django.db import models

from orgs.access import Reader, reads_internal
from services.fields import Audience

if TYPE_CHECKING:
    from services.models import Service  # noqa: F401


class ServiceQuerySet(models.QuerySet["Service", "Service"]):
    """Working copies. Visitors never get here: they read `PublishedService`."""

    def visible_to(self, user: Reader) -> "ServiceQuerySet":
        """Return the services whose working copies `user` may read (domain.md section 11)."""
        return self.all() if reads_internal(user) else self.none()


def audiences_of(user: Reader) -> frozenset[Audience]:
    """Return the audiences whose fields `user` may read in a published service."""
    return frozenset({Audience.PUBLIC, Audience.INTERNAL} if reads_internal(user) else {Audience.PUBLIC})


def visible_section(user: Reader, version: Any, audience: Audience) -> dict[str, Any] | None:
    """Return one section of a version's document, or None where `user` may not read it."""
    if audience not in audiences_of(user):
        return None
    section: dict[str, Any] = getattr(version, f"{audience.value}_document")
    return section
