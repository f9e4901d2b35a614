"""A service as it is worked on: the working copy's own columns and relations."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models import Municipality, Organisation
from services.models.vocabulary import StatutoryOption, Term, Vocabulary
from services.visibility import ServiceQuerySet


def _terms(vocabulary: Vocabulary, verbose_name: Any) -> "models.ManyToManyField[Any, Any]":
    return models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": vocabulary},
        verbose_name=verbose_name,
    )


def _options(kind: StatutoryOption.Kind) -> dict[str, str]:
    return {"kind": kind}


class Service(models.Model):
    """A service and its lifecycle. Which field is whose business: `services/fields.py`."""

    class Status(models.TextChoices):
        """Lifecycle of a service (architecture.md, "Runs, not states x languages")."""

        UNPUBLISHED = "unpublished", _("Not published")
        PUBLISHED = "published", _("Published")
        OUTDATED = "outdated", _("Outdated")
        ARCHIVED = "archived", _("Archived")

    class Basis(models.TextChoices):
        """Why the responsible partner is responsible (domain.md section 3)."""

        REGIONAL = "regional", _("Regional")
        PROCUREMENT = "procurement", _("Procurement")
        THEMATIC = "thematic", _("Thematic")
        NATIONAL = "national", _("National")

    external_id = models.SlugField(_("identifier"), max_length=100, unique=True)
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.UNPUBLISHED)
    # The number of the newest version; 0 before the first. Guards against publishing twice.
    version_number = models.PositiveIntegerField(default=0, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)

    organiser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="organised"
    )
    producers = models.ManyToManyField(Organisation, blank=True, related_name="produced")
    responsible_partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="responsible_for"
    )
    responsibility_basis = models.CharField(max_length=12, choices=Basis.choices, blank=True)
    search_boost = models.PositiveSmallIntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )

    audiences = _terms(Vocabulary.AUDIENCE, _("For whom"))
    life_situations = _terms(Vocabulary.LIFE_SITUATION, _("Life situation"))
    needs = _terms(Vocabulary.NEED, _("Service need"))
    categories = _terms(Vocabulary.CATEGORY, _("Category"))
    delivery = _terms(Vocabulary.DELIVERY, _("How it is carried out"))
    accessibility = _terms(Vocabulary.ACCESSIBILITY, _("Accessibility"))
    paid = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    all_ages = models.BooleanField(default=True)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    any_municipality = models.BooleanField(default=False)
    municipalities = models.ManyToManyField(Municipality, blank=True, related_name="services")
    client_consent = models.BooleanField(default=False)
    related = models.ManyToManyField("self", symmetrical=False, blank=True)

    obligation = models.ForeignKey(
        StatutoryOption,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=_options(StatutoryOption.Kind.OBLIGATION),
    )
    statement = models.ForeignKey(
        StatutoryOption,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=_options(StatutoryOption.Kind.STATEMENT),
    )
    benefits = models.ManyToManyField(
        StatutoryOption,
        blank=True,
        related_name="+",
        limit_choices_to=_options(StatutoryOption.Kind.BENEFIT),
    )
    job_search_discussion = models.BooleanField(null=True, blank=True)
    archiving = models.BooleanField(default=False)

    history = HistoricalRecords()
    objects: ClassVar[ServiceQuerySet] = ServiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["external_id"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        # A named exception: see `services.access`.
        permissions = [
            ("work_on_delegated", _("May work on a delegated service")),
            ("write_internal_delegated", _("May write a delegated service's instructions")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paid=True) | models.Q(price=None),
                name="service_free_has_no_price",
                violation_error_message=_("A free service has no price. Remove the price."),
            ),
            models.CheckConstraint(
                condition=models.Q(all_ages=False) | models.Q(age_min=None, age_max=None),
                name="service_for_all_ages_has_no_limits",
                violation_error_message=_("A service for all ages has no age limits."),
            ),
            models.CheckConstraint(
                condition=models.Q(age_min=None)
                | models.Q(age_max=None)
                | models.Q(age_max__gte=models.F("age_min")),
                name="service_age_limits_in_order",
                violation_error_message=_("The oldest age can't be below the youngest."),
            ),
            models.CheckConstraint(
                condition=models.Q(search_boost__lte=10),
                name="service_boost_at_most_ten",
                violation_error_message=_("The search boost is 0 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
