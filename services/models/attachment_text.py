"""The text of an attached file, for the search."""

from django.db import models


class AttachmentText(models.Model):
    """What was read of a file, by its hash; empty where nothing could be read.

    Whoever may open the file may find it: the text goes into the index of the document that names it.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(blank=True)
    # Why nothing was read; for whoever looks after the system.
    problem = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField()
    # For want of time or memory: how often it was tried; 0 where the file itself can't be read.
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.sha256[:12]
