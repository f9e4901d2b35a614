"""Memberships: who does what in which organisation, from when and until when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models.dated import Dated
from orgs.models.organisation import Organisation
from orgs.roles import Role


class Membership(Dated):
    """One role of one person in one organisation; a person may hold several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)

    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation", "role", "starts_on"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ends_on=None),
                name="membership_is_open_once",
                violation_error_message=_("This person has this role already."),
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}: {self.get_role_display()}"
