"""Corrections: what was given rested on a record that says something else now."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from orgs.localised import here
from sanctions.models.case import Case
from sanctions.proceeding import Stage

_PERSON = settings.AUTH_USER_MODEL


class Correction(models.Model):
    """A correction of a case that the sweep proposes and the project manager gives, or refuses with a reason.

    `void` are the steps that do not stand, `credits` whether the sanction does not; `found` is the new
    ground by language, as it was found. What was proposed lapses where the record is as before again.
    """

    class State(models.TextChoices):
        """Where a correction stands."""

        PROPOSED = "proposed", pgettext_lazy("a correction", "proposed")
        GIVEN = "given", pgettext_lazy("a correction", "made")
        REFUSED = "refused", pgettext_lazy("a correction", "refused")
        LAPSED = "lapsed", pgettext_lazy("a correction", "lapsed")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    void = ArrayField(models.CharField(max_length=10, choices=Stage.choices), blank=True)
    credits = models.BooleanField()
    found = models.JSONField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_on = models.DateField(_("proposed"))
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("grounds"), max_length=4000, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["case", "pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="proposed"), name="correction_one_proposed_a_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(text=""), name="correction_refused_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return here(self.found)
