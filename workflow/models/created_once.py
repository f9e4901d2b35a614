"""That a service was made through the interface under a key: asked again, it is not made twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from services.models import Service


class CreatedOnce(models.Model):
    """What somebody's key made, and a hash of what was asked for with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    hashed = models.CharField(max_length=64)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="created_once_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.service}"
