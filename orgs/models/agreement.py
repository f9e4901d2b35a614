"""The joint agreements: their periods, their terms and the partners' shares of the cost."""

import datetime
from fractions import Fraction
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models.decided import Decided
from orgs.models.organisation import Organisation
from orgs.terms import Terms, TermsField


class NoAgreement(Exception):
    """There is no agreement whose terms could be followed."""


class AgreementQuerySet(models.QuerySet["Agreement", "Agreement"]):
    """Agreements by day."""

    def in_force(self, day: datetime.date) -> "Agreement":
        """Return the agreement in force on `day`.

        After the last one has ended and before the next has begun its terms are followed on:
        accounts and deadlines don't stop for want of a signature. Raises NoAgreement before the
        first one.
        """
        found = self.filter(starts_on__lte=day).order_by("-starts_on").first()
        if found is None:
            raise NoAgreement
        return found

    def covering(self, day: datetime.date) -> "Agreement | None":
        """Return the agreement whose period holds `day`; None where there is none, as between two."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).first()


class Agreement(Decided):
    """One agreement. Agreements follow one another and never overlap.

    The decision is the one that the present terms and shares rest on; history keeps the earlier ones.
    """

    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    terms = TermsField(_("terms"))

    history = HistoricalRecords()
    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_ends_after_it_starts",
                violation_error_message=_("The last day can't be before the first."),
            ),
            ExclusionConstraint(
                name="agreements_do_not_overlap",
                expressions=[
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="DATERANGE"),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("Another agreement is in force in that time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CostShare(models.Model):
    """A partner's share of an agreement's cost, an exact fraction. All of an agreement add up to one."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="shares")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cost_shares")
    numerator = models.PositiveIntegerField(_("parts"))
    denominator = models.PositiveIntegerField(_("of all parts"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["agreement", "partner"]
        verbose_name = _("cost share")
        verbose_name_plural = _("cost shares")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "partner"], name="cost_share_once_a_partner"),
            models.CheckConstraint(
                condition=models.Q(denominator__gte=1, numerator__lte=models.F("denominator")),
                name="cost_share_is_at_most_one",
                violation_error_message=_("A share is at most the whole."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.share}"

    @property
    def share(self) -> Fraction:
        """Return the share, exact."""
        return Fraction(self.numerator, self.denominator)


def terms_on(day: datetime.date) -> Terms:
    """Return the terms to follow on `day`; raises NoAgreement where there are none yet."""
    terms: Terms = Agreement.objects.in_force(day).terms
    return terms
