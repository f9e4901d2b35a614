"""Edits: every saved change of a working copy, field by field."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.fields import Audience
from services.models import Service


class Edit(models.Model):
    """One saving of a service's working copy. Numbers follow each other without gaps."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["service", "-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="edit_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class FieldChange(models.Model):
    """What an edit did to one field: its value before and after, as they stand in documents.

    `path` names the value within its audience's section: "price", "texts.sv.summary",
    "municipal.091.fi.guidance". Whoever may not read the audience never gets the row.
    """

    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, related_name="changes")
    audience = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Audience])
    path = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["edit", "pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(fields=["edit", "audience", "path"], name="field_change_once_an_edit")
        ]

    def __str__(self) -> str:
        return f"{self.edit}: {self.audience}.{self.path}"


class Presence(models.Model):
    """A person has a service open for editing; told to the next one who opens it."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["service", "user"], name="presence_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.service}"
