"""Texts: one row a language. Public texts and work instructions live in tables of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models import Municipality
from services.models.service import Service


def _rich() -> "models.TextField[str, str]":
    return models.TextField(blank=True)


class ServiceText(models.Model):
    """The public texts of a service in one language."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=3)
    name = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=250, blank=True)
    price_text = _rich()
    target_group = _rich()
    accessibility_text = _rich()
    duration = models.CharField(max_length=120, blank=True)
    description = _rich()
    participation = _rich()
    requirements = _rich()
    execution = _rich()
    benefits = _rich()
    consent_text = _rich()

    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "language"]
        constraints = [
            models.UniqueConstraint(fields=["service", "language"], name="service_text_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class InstructionText(models.Model):
    """The common part of a service's work instructions in one language. Internal."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="instructions")
    language = models.CharField(_("language"), max_length=3)
    guidance = _rich()
    preconditions = _rich()
    obligation_text = _rich()
    system_entries = _rich()
    benefit_effects = _rich()
    job_search_text = _rich()
    measures = _rich()
    exceptions = _rich()
    archiving_text = _rich()

    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "language"]
        constraints = [
            models.UniqueConstraint(fields=["service", "language"], name="instruction_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.language})"


class MunicipalInstruction(models.Model):
    """The part of one municipality in a service's work instructions, in one language. Internal."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="municipal_instructions")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=3)
    guidance = _rich()
    exceptions = _rich()

    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "municipality", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "municipality", "language"],
                name="municipal_instruction_once_a_language",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.municipality_id} ({self.language})"
