"""How often what was searched for, by week; with no person in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchFigure(models.Model):
    """Searches with one text in a language during a week. An empty text stands for all rare ones.

    Nothing says who searched, when in the week, or from where.
    """

    week = models.DateField(_("week"))  # its Monday
    language = models.CharField(_("language"), max_length=3, choices=settings.LANGUAGES)
    text = models.CharField(_("search"), max_length=80, blank=True)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    without_result = models.PositiveIntegerField(_("without a result"), default=0)
    clicked = models.PositiveIntegerField(_("with a click"), default=0)

    class Meta:
        ordering = ["-week", "language", "text"]
        constraints = [
            models.UniqueConstraint(fields=["week", "language", "text"], name="search_figure_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.text}"
