"""Roles, and who may read internal information (domain.md sections 1 and 11)."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role that a membership gives; which kinds of organisation give it: ROLES_OF_KIND."""

    EXPERT = "expert", _("Expert")
    PRODUCER = "producer", _("Content producer")
    MAIN_USER = "main_user", _("Main user")
    COMMUNICATIONS_LEAD = "communications_lead", _("Communications lead")
    PROJECT_MANAGER = "project_manager", _("Project manager")
    ICT_SPECIALIST = "ict_specialist", _("ICT specialist")
    COMMUNICATIONS_OFFICER = "communications_officer", _("Communications officer")


ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    "partner": (Role.EXPERT, Role.PRODUCER, Role.MAIN_USER, Role.COMMUNICATIONS_LEAD),
    "provider": (Role.PRODUCER, Role.MAIN_USER),
    "project": (Role.PROJECT_MANAGER, Role.ICT_SPECIALIST, Role.COMMUNICATIONS_OFFICER),
}

# "Read internal information, any service": all partner roles, all project roles, never provider roles.
KINDS_THAT_READ_INTERNAL = ("partner", "project")


def in_force(day: datetime.date) -> Q:
    """Match memberships that hold on `day`, its first and last day included."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
