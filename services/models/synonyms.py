"""What else words are called, where ICT says otherwise than what is shipped."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymGroup(models.Model):
    """Expressions of a language that mean nearly the same, in place of a shipped group or beside them.

    `key` is the first expression of the shipped group that it replaces, or of its own. Without
    expressions the shipped group does not count.
    """

    language = models.CharField(_("language"), max_length=3, choices=settings.LANGUAGES)
    key = models.CharField(max_length=80)
    expressions = ArrayField(models.CharField(max_length=80), verbose_name=_("expressions"), blank=True)

    class Meta:
        ordering = ["language", "key"]
        constraints = [
            models.UniqueConstraint(fields=["language", "key"], name="synonym_group_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"
