"""The brake on mass effects: what a step that goes by the clock did of late, and where it was stopped."""

from django.conf import settings
from django.db import models


class Brake(models.Model):
    """A step of a sweep: how much of it was done since when, and whether it waits for ICT's word.

    Written by `orgs.brakes` only.
    """

    step = models.CharField(max_length=40, primary_key=True)
    # The beginning of the day (24 hours) whose things are counted, and how many were done in it.
    since = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    # What waited when a sweep last came by, with the names of a few.
    waiting = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)
    # Whose word it was to go on, unbounded until the day that began with it is over.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["step"]

    def __str__(self) -> str:
        return self.step
