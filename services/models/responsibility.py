"""Which partner answers for a service, from which day on, and on what decision."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.actors import System
from orgs.append_only import append_only
from orgs.models import Organisation
from services.models.service import Service
from services.models.transfer import Basis, Transfer


class Responsibility(models.Model):
    """A partner is responsible for a service from a day on, until a later row says another.

    Rows are only ever added: of two with the same first day the later one counts. A row without a
    basis is a provider's proposal, which the partner has still to accept or to pass on.
    """

    Basis = Basis

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="responsibilities")
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible partner")
    )
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices, blank=True)
    starts_on = models.DateField(_("from"))
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    # The decision on several services that the row is a part of.
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, null=True, blank=True, related_name="rows"
    )
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_as = models.CharField(max_length=12, choices=System.choices, blank=True)

    class Meta:
        ordering = ["service", "starts_on", "pk"]
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(set_by=None) ^ models.Q(set_as=""),
                name="responsibility_is_set_by_someone",
            ),
            models.CheckConstraint(
                condition=(models.Q(basis="") & models.Q(decision=""))
                | (~models.Q(basis="") & ~models.Q(decision="")),
                name="responsibility_rests_on_a_decision",
                violation_error_message=_("Write the decision that this rests on."),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.service}: {self.partner}, {self.starts_on}"

    @property
    def is_proposal(self) -> bool:
        """Tell whether the partner has still to accept it."""
        return not self.basis


def responsible_on(service: Service, day: datetime.date) -> Responsibility | None:
    """Return the responsibility in force on `day`, a proposal included; None before the first.

    Deadlines, cases and figures ask here, or `partner_on` for many at once, and nowhere else.
    """
    rows = service.responsibilities.filter(starts_on__lte=day).order_by("-starts_on", "-pk")
    return rows.select_related("partner").first()


def partner_on(day: datetime.date | str, service: str = "pk") -> models.Subquery:
    """Return, for a query, the number of the partner responsible on a day.

    `day` may name a column of the query: each row then asks for its own day. `service` names the column
    that leads to the service.
    """
    until = models.OuterRef(day) if isinstance(day, str) else day
    rows = Responsibility.objects.filter(service=models.OuterRef(service), starts_on__lte=until)
    newest = rows.order_by("-starts_on", "-pk").values("partner")[:1]
    return models.Subquery(newest, output_field=models.BigIntegerField())
