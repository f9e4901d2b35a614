"""The ledger: sanctions, credits and marks of invoicing, each row holding the hash of the one before it."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orgs.append_only import append_only
from orgs.models import Organisation
from sanctions.models.case import Case


class LedgerEntry(models.Model):
    """A row of the ledger. Append-only in the database, chained by hashes.

    Amounts are in euros and never negative: the kind says what they do to the balance. A credit and
    a mark of invoicing refer to the sanction that they are about; a credit that came after the invoice is
    settled on a later one, by a row about the credit.
    """

    class Kind(models.TextChoices):
        """What a row says."""

        SANCTION = "sanction", _("Sanction")
        CREDIT = "credit", _("Credit")
        INVOICED = "invoiced", _("Invoiced")
        SETTLED = "settled", _("Credit settled on an invoice")

    class Matter(models.TextChoices):
        """What a sanction is for."""

        CONTENT = "content", _("Content")
        COOPERATION = "cooperation", _("Cooperation")
        HANDOVER = "handover", _("Handover")

    number = models.PositiveIntegerField(_("number"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ledger")
    matter = models.CharField(_("for"), max_length=12, choices=Matter.choices)
    on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    # For the invoice: why.
    grounds = models.TextField(_("grounds"), max_length=4000)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ledger")
    about = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    reference = models.CharField(_("invoice"), max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="sanction"), name="ledger_one_sanction_a_case"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind="invoiced"), name="ledger_invoiced_once"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind="settled"), name="ledger_settled_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="ledger_amount_is_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="sanction", about=None) | (~Q(kind="sanction") & Q(about__isnull=False)),
                name="ledger_follower_has_its_sanction",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["invoiced", "settled"]) | ~Q(reference=""),
                name="ledger_invoiced_has_its_invoice",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {self.get_kind_display()} {self.amount}"

    @property
    def signed(self) -> Decimal:
        """Return the amount as it is read: a credit takes away."""
        return -self.amount if self.kind in (self.Kind.CREDIT, self.Kind.SETTLED) else self.amount

    @property
    def adds(self) -> Decimal:
        """Return what the row adds to the partner's balance; marks of invoicing add nothing."""
        return self.signed if self.kind in (self.Kind.SANCTION, self.Kind.CREDIT) else Decimal(0)

    @property
    def left(self) -> Decimal:
        """Return in euros what is left of a sanction after its credits."""
        rows = self.followers.filter(kind=self.Kind.CREDIT)
        return self.amount - (rows.aggregate(sum=models.Sum("amount"))["sum"] or Decimal(0))
