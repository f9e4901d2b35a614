"""Invitations: the only way to an account (docs/rules.md sections 2 and 10)."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from orgs.models.organisation import Organisation
from orgs.roles import Role


class InvitationQuerySet(models.QuerySet["Invitation", "Invitation"]):
    """Invitations by state."""

    def open(self) -> "InvitationQuerySet":
        """Return those that were neither accepted nor cancelled; some may have expired."""
        return self.filter(accepted_at=None, cancelled_at=None)


class Invitation(models.Model):
    """Someone is asked to join an organisation in some roles. Nothing else exists until it is accepted."""

    email = models.EmailField(_("e-mail"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    roles = ArrayField(models.CharField(max_length=24, choices=Role.choices), verbose_name=_("roles"))
    language = models.CharField(_("language"), max_length=3, default="fi")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    # Counts the renewals: only the newest link opens the invitation.
    round = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation", "email", "-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=models.Q(accepted_at=None, cancelled_at=None),
                name="invitation_is_open_once",
                violation_error_message=_("This person has an open invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"

    def has_expired(self, now: datetime.datetime) -> bool:
        """Tell whether the time to accept has run out."""
        return now >= self.expires_at

    @property
    def role_labels(self) -> list[str]:
        """Return the roles in words."""
        return [str(Role(role).label) for role in self.roles]
