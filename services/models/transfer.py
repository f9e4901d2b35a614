"""One decision by which a partner becomes responsible for services, from a day on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Organisation


class Basis(models.TextChoices):
    """Why a partner is responsible (docs/rules.md, "Responsibility")."""

    REGIONAL = "regional", _("Regional")
    PROCUREMENT = "procurement", _("Procurement")
    THEMATIC = "thematic", _("Thematic")
    NATIONAL = "national", _("National")


class Transfer(models.Model):
    """A partner was made responsible for one or many services at once; it may be undone within a day.

    Its rows are `Responsibility` rows that name it. What was undone stays on record: rows that say again
    what held before stand beside it.
    """

    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible partner")
    )
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices)
    starts_on = models.DateField(_("from"))
    decision = models.CharField(_("decision"), max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("transfer of responsibility")
        verbose_name_plural = _("transfers of responsibility")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="transfer_is_undone_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.starts_on}"
