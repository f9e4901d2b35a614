"""Access tokens: how another system shows on whose behalf it asks the interface."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.models.organisation import Organisation


class AccessToken(models.Model):
    """A token of a person, or of an organisation in the hands of one of its people.

    Only a hash of the secret is kept; `hint` is its end, by which people tell tokens apart.
    """

    class Scope(models.TextChoices):
        """What a token opens; without any it reads what everyone may read."""

        READ = "read", pgettext_lazy("token", "Read what I may read: work instructions, drafts")
        WRITE = "write", pgettext_lazy("token", "Write and submit services as I may")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="access_tokens",
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        related_name="access_tokens",
    )
    name = models.CharField(_("What it is for"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices), default=list)
    hashed = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField()
    # The last day on which it opens anything.
    expires_on = models.DateField()
    # Written at most once an hour.
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        # Open ones first.
        ordering: ClassVar = ["-revoked_at", "-created_at", "pk"]
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        indexes: ClassVar = [models.Index(fields=["user", "organisation"], name="access_tokens_of")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    def is_open(self, today: datetime.date) -> bool:
        """Tell whether it was neither revoked nor has run out."""
        return self.revoked_at is None and today <= self.expires_on

    @property
    def scope_labels(self) -> list[str]:
        """Return its scopes in words."""
        return [str(label) for value, label in self.Scope.choices if value in self.scopes]
