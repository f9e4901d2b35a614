"""Rows that rest on a decision of the steering group."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decided(models.Model):
    """Names the decision that a row rests on: in which words it is found, and when it was taken."""

    decision = models.CharField(
        _("decision of the steering group"),
        max_length=300,
        blank=True,
        help_text=_("As it is found in the minutes, for example: Steering group 3/2026, § 4."),
    )
    decided_on = models.DateField(_("decided"), null=True, blank=True)

    class Meta:
        abstract = True
