"""Municipalities by their official codes."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from orgs.localised import LabelField, here


class Municipality(models.Model):
    """A municipality. Its code is three digits kept as text: 091 is not 91."""

    code = models.CharField(
        _("code"),
        max_length=3,
        primary_key=True,
        validators=[RegexValidator(r"^\d{3}$", _("Write the code with three digits, for example 091."))],
    )
    name = LabelField(_("name"))
    slug = models.SlugField(max_length=60, unique=True)
    uri = models.URLField(blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{3}$"),
                name="municipality_code_has_three_digits",
                violation_error_message=_("Write the code with three digits, for example 091."),
            )
        ]

    def __str__(self) -> str:
        return here(self.name)

    @staticmethod
    def slug_of(name: dict[str, str]) -> str:
        """Return the address part of a municipality by its Finnish name."""
        return slugify(name["fi"])
