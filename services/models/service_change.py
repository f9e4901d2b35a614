"""What became of published services, in order, for those who follow from outside."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.models.service import Service


class ServiceChange(models.Model):
    """That what everyone may read of a service began, changed or ended, once a transaction.

    Written by the tables' own triggers (`services.models.noting`), while the service is locked: so its
    changes stand in the order of their numbers. `services.public_changes` reads them.
    """

    class Kind(models.TextChoices):
        """What happened."""

        PUBLISHED = "published", _("Published")
        CHANGED = "changed", _("Changed")
        OUTDATED = "outdated", _("Outdated")
        ARCHIVED = "archived", _("Archived")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="public_changes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    written_by = models.BigIntegerField()  # the transaction
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "written_by"], name="service_changes_once_a_transaction"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["written_by"], name="service_changes_by_transaction")]

    def __str__(self) -> str:
        return f"{self.service} {self.kind}"
