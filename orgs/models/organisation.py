"""Organisations: the project's own, the partners of the agreement and the providers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.business_id import validate_business_id
from orgs.free_addresses import validate_free_address
from orgs.localised import LabelField, TextsField, here
from orgs.models.decided import Decided
from orgs.models.municipality import Municipality


class OrganisationQuerySet(models.QuerySet["Organisation", "Organisation"]):
    """Organisations by state."""

    def open(self) -> "OrganisationQuerySet":
        """Return those that have not been closed."""
        return self.filter(closed_on=None)

    def partners(self) -> "OrganisationQuerySet":
        """Return the partners that have not been closed."""
        return self.open().filter(kind=Organisation.Kind.PARTNER)


class LetterLanguage(models.TextChoices):
    """A language in which authorities write to one another."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")


class Organisation(Decided):
    """A project organisation, a partner or a provider.

    A partner rests on the decision by which the steering group admitted it.
    """

    class Kind(models.TextChoices):
        """What part an organisation has in the joint agreement."""

        PROJECT = "project", _("Project organisation")
        PARTNER = "partner", _("Partner")
        PROVIDER = "provider", _("Provider")

    # Those that the public hears of.
    PUBLIC_KINDS: ClassVar = (Kind.PARTNER, Kind.PROVIDER)

    external_id = models.SlugField(
        _("identifier"), max_length=80, unique=True, validators=[validate_free_address]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = LabelField(_("name"))
    letter_language = models.CharField(
        _("language of letters"),
        max_length=2,
        choices=LetterLanguage.choices,
        default=LetterLanguage.FINNISH,
        help_text=_("For a partner: the language of remarks, sanctions and invoices."),
    )
    business_id = models.CharField(
        _("business id"), max_length=9, blank=True, validators=[validate_business_id]
    )
    closed_on = models.DateField(_("closed"), null=True, blank=True, editable=False)
    description = TextsField(_("description"))
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    data_protection = models.EmailField(
        _("e-mail in matters of data protection"),
        blank=True,
        help_text=_("For a partner. Left empty, the page on data protection gives the e-mail."),
    )
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="partners", verbose_name=_("area")
    )
    partners = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="providers", verbose_name=_("partners")
    )

    history = HistoricalRecords()
    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["business_id"],
                condition=~models.Q(business_id=""),
                name="organisation_business_id_is_unique",
                violation_error_message=_("Another organisation has this business id."),
            )
        ]

    def __str__(self) -> str:
        return here(self.name)
