"""Rows that hold from a day until a day: roles, seats, updaters."""

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def in_force(day: datetime.date) -> Q:
    """Match dated rows that hold on `day`, first and last day included."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def not_over(day: datetime.date) -> Q:
    """Match dated rows that hold on `day` or will later."""
    return Q(ends_on=None) | Q(ends_on__gte=day)


class Dated(models.Model):
    """Holds from its first day to its last, both included; with no last day, until it is ended."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message=_("The last day can't be before the first."),
            )
        ]

    def end(self, today: datetime.date) -> None:
        """End it so that it does not count today any more; what begins today counts this one day."""
        self.ends_on = max(today - datetime.timedelta(days=1), self.starts_on)
        self.save()
