"""Organisations: the project's own, the partners of the agreement and the providers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.localised import LabelField, TextsField, here
from orgs.models.municipality import Municipality


class Organisation(models.Model):
    """A project organisation, a partner or a provider (domain.md section 2)."""

    class Kind(models.TextChoices):
        """What part an organisation has in the joint agreement."""

        PROJECT = "project", _("Project organisation")
        PARTNER = "partner", _("Partner")
        PROVIDER = "provider", _("Provider")

    external_id = models.SlugField(_("identifier"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = LabelField(_("name"))
    description = TextsField(_("description"))
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="partners", verbose_name=_("area")
    )
    partners = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="providers", verbose_name=_("partners")
    )

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return here(self.name)
