"""Presence: who has a service open for editing now."""

from django.conf import settings
from django.db import models

from services.models import Service


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
