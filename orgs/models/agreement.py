"""The joint agreements: their periods, their terms and the partners' shares of the cost, from a day on."""

import datetime
from fractions import Fraction
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models.decided import Decided
from orgs.models.organisation import Organisation
from orgs.terms import Terms, TermsField
from orgs.terms_by_day import TermsByDay


class NoAgreement(Exception):
    """There is no agreement whose terms could be followed."""


class AgreementQuerySet(models.QuerySet["Agreement", "Agreement"]):
    """Agreements by day."""

    def covering(self, day: datetime.date) -> "Agreement | None":
        """Return the agreement whose period holds `day`; None where there is none, as between two."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).first()


class Agreement(Decided):
    """One agreement. Agreements follow one another and never overlap.

    The decision is the one that its period rests on; its terms and shares name their own.
    """

    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    # Which reminder of its end was sent last: so many days before.
    end_told = models.PositiveSmallIntegerField(null=True, editable=False)

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

    def clean(self) -> None:
        """Refuse an end before the beginning, by its name: the database can't compare such a period."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day can't be before the first.")})

    def following(self) -> "Agreement | None":
        """Return the agreement that comes after it, at once or later; None where there is none yet."""
        return Agreement.objects.filter(starts_on__gt=self.ends_on).order_by("starts_on").first()

    def agreed_on(self, day: datetime.date) -> "AgreedTerms":
        """Return what holds in it on `day`; outside of its days, on the nearest of them.

        Reads the rows once where they have been prefetched.
        """
        rows = sorted(self.agreed.all(), key=lambda row: row.starts_on)
        return next((row for row in reversed(rows) if row.starts_on <= day), rows[0])


class AgreedTerms(Decided):
    """The terms and shares of an agreement from a day on, until the next ones or its end.

    Nothing is changed in a row whose day has come: a change is a row of its own, and names its decision.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="agreed")
    starts_on = models.DateField(_("holds from"))
    terms = TermsField(_("terms"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("terms agreed on")
        verbose_name_plural = _("terms agreed on")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "starts_on"], name="agreed_terms_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.starts_on}"

    def by_partner(self) -> dict[Organisation, Fraction]:
        """Return the shares by partner; reads them once where they have been prefetched."""
        rows = self.shares.all()
        if "shares" not in getattr(self, "_prefetched_objects_cache", {}):
            rows = rows.select_related("partner")
        return {row.partner: row.share for row in rows}


class CostShare(models.Model):
    """A partner's share of an agreement's cost, an exact fraction. All of a time add up to one."""

    agreed = models.ForeignKey(AgreedTerms, on_delete=models.CASCADE, related_name="shares")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cost_shares")
    numerator = models.PositiveIntegerField(_("parts"))
    denominator = models.PositiveIntegerField(_("of all parts"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["agreed", "partner"]
        verbose_name = _("cost share")
        verbose_name_plural = _("cost shares")
        constraints = [
            models.UniqueConstraint(fields=["agreed", "partner"], name="cost_share_once_a_partner"),
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


def terms_by_day() -> TermsByDay:
    """Return the terms of every day; raises NoAgreement where there is none at all."""
    rows = tuple(AgreedTerms.objects.order_by("starts_on").values_list("starts_on", "terms"))
    if not rows:
        raise NoAgreement
    return TermsByDay(rows)


def terms_on(day: datetime.date) -> Terms:
    """Return the terms to follow on `day`.

    After the last agreement has ended and before the next has begun its terms are followed on: accounts
    and deadlines don't stop for want of a signature. Raises NoAgreement before the first one.
    """
    found = AgreedTerms.objects.filter(starts_on__lte=day).order_by("-starts_on").first()
    if found is None:
        raise NoAgreement
    terms: Terms = found.terms
    return terms
