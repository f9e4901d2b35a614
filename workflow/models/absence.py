"""Absences of updaters, and who stands in for them (docs/rules.md section 4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Absence(models.Model):
    """A person is away, first and last day included, and a deputy of the same organisation stands in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stands_in")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["user", "first_day"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The last day can't be before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(user=F("deputy")),
                name="absence_deputy_is_another",
                violation_error_message=_("Choose someone else to stand in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} - {self.last_day}"
