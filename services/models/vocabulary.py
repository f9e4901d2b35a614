"""Vocabularies: the words that services are described and found by, and the statutory options."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.localised import LabelField, TextsField, here


class Vocabulary(models.TextChoices):
    """The vocabularies. Their terms are rows, so ICT and communications can edit them."""

    AUDIENCE = "audience", _("For whom")
    LIFE_SITUATION = "life_situation", _("Life situation")
    NEED = "need", _("Service need")
    CATEGORY = "category", _("Category")
    DELIVERY = "delivery", _("How it is carried out")
    SERVICE_LANGUAGE = "service_language", _("Language of the service")
    LANGUAGE_LEVEL = "language_level", _("Language level")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    PREMISES_ACCESSIBILITY = "premises_accessibility", _("Accessibility of premises")
    AGE_BAND = "age_band", _("Age")


class Term(models.Model):
    """A term. `key` is stable: addresses, documents and interfaces use it, so it never changes."""

    vocabulary = models.CharField(_("vocabulary"), max_length=24, choices=Vocabulary.choices)
    key = models.SlugField(_("key"), max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    label = LabelField(_("label"))
    description = TextsField(_("description"))
    audience = models.CharField(
        _("for whom"), max_length=12, blank=True, help_text=_("job_seeker, employer or empty for both")
    )
    requirement = models.BooleanField(
        _("is a requirement"), default=False, help_text=_("Asks something of the customer.")
    )
    uri = models.URLField(_("external address"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["vocabulary", "position", "key"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "key"],
                name="term_key_is_unique",
                violation_error_message=_("This vocabulary has a term with this key already."),
            )
        ]

    def __str__(self) -> str:
        return here(self.label)


class StatutoryOption(models.Model):
    """A choice whose words the law gives; its wordings are dated, so a change needs no deploy."""

    class Kind(models.TextChoices):
        """What the option is chosen for."""

        OBLIGATION = "obligation", _("Obligation")
        STATEMENT = "statement", _("Statement")
        BENEFIT = "benefit", _("Other benefits")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    key = models.SlugField(_("key"), max_length=60)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["kind", "position", "key"]
        verbose_name = _("statutory option")
        verbose_name_plural = _("statutory options")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="statutory_option_key_is_unique",
                violation_error_message=_("There is an option of this kind with this key already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.key}"

    def wording_on(self, day: datetime.date) -> "StatutoryWording | None":
        """Return the wording in force on `day`: the last that began on it or before."""
        wordings = [w for w in self.wordings.all() if w.valid_from <= day]
        return max(wordings, key=lambda w: w.valid_from, default=None)


class StatutoryWording(models.Model):
    """The words of an option from a day on, until a later wording begins.

    Once in force they stay as they are: experts acted on them (`services.keeping.wordings`).
    """

    option = models.ForeignKey(StatutoryOption, on_delete=models.CASCADE, related_name="wordings")
    valid_from = models.DateField(_("in force from"))
    label = LabelField(_("label"))
    text = TextsField(_("text"))

    history = HistoricalRecords()

    class Meta:
        ordering = ["option", "valid_from"]
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["option", "valid_from"],
                name="statutory_wording_starts_once_a_day",
                violation_error_message=_("This option has a wording from this day already."),
            )
        ]

    def __str__(self) -> str:
        return here(self.label)

    def in_languages(self) -> list[tuple[str, str, str]]:
        """Return the label and the text in each language that has one: (code, label, text)."""
        codes = [code for code, _name in settings.LANGUAGES if self.label.get(code) or self.text.get(code)]
        return [(code, self.label.get(code, ""), self.text.get(code, "")) for code in codes]
