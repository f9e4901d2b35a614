"""Who does something: a person, or a part of the system that acts under a name of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import User
from orgs.roles import Capability


class System(models.TextChoices):
    """A part of the system that changes content. What each may do: CAPABILITIES_OF_SYSTEM."""

    IMPORT = "import", _("Import of a file")
    SCHEDULE = "schedule", _("The agreement's own dates")


Actor = User | System

_CONTENT = frozenset(
    {
        Capability.CREATE_SERVICE,
        Capability.WRITE_PUBLIC,
        Capability.WRITE_INTERNAL,
        Capability.WRITE_MUNICIPAL,
        Capability.PUBLISH,
        Capability.SET_RESPONSIBILITY,
        Capability.OUTDATE,
        Capability.ARCHIVE,
    }
)
CAPABILITIES_OF_SYSTEM: dict[System, frozenset[Capability]] = {
    System.IMPORT: _CONTENT,
    System.SCHEDULE: frozenset({Capability.OUTDATE, Capability.ARCHIVE}),
}


def person_and_system(actor: Actor) -> tuple[User | None, str]:
    """Return the two columns in which rows keep who did something."""
    return (actor, "") if isinstance(actor, User) else (None, actor.value)
