"""Handing over knowledge from one person to the next (docs/rules.md section 6)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs import clock
from orgs.models import Organisation

_PERSON = settings.AUTH_USER_MODEL


class Handover(models.Model):
    """What one person of a partner hands over to another by a day; both confirm that it was done."""

    class Reason(models.TextChoices):
        """What changed."""

        SEAT = "seat", _("A seat changed")
        UPDATER = "updater", _("The partner's updater changed")
        SUBSTITUTION = "substitution", _("A long substitution")

    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handovers")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    giver = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="handovers_to_give", verbose_name=_("predecessor")
    )
    receiver = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="handovers_to_get", verbose_name=_("successor")
    )
    starts_on = models.DateField(_("changed on"))
    due_on = models.DateField(_("due"))
    given_at = models.DateTimeField(_("confirmed by the predecessor"), null=True, blank=True)
    received_at = models.DateTimeField(_("confirmed by the successor"), null=True, blank=True)
    # Confirmed by the project for someone who can't do it any more.
    note = models.CharField(_("note"), max_length=500, blank=True)
    excused = models.CharField(_("justified reason"), max_length=500, blank=True)
    # When the two were reminded that it is due soon.
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "reason", "giver", "receiver", "starts_on"], name="handover_once_a_change"
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="handover_is_between_two"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="handover_is_due_after_the_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.giver}, {self.receiver}, {self.due_on}"

    @property
    def done_on(self) -> datetime.date | None:
        """Return the day on which the second of the two confirmed; None before."""
        if self.given_at is None or self.received_at is None:
            return None
        return clock.day_of(max(self.given_at, self.received_at))
