"""Whose an attachment is, for ever."""

from django.db import models

from services.models.service import Service


class Attachment(models.Model):
    """The number of an attached file: its address has it, so it belongs to one service and one section.

    Written by `services.attachments.claim` only, and never changed: whoever posts another's number
    gets nothing for it. What the file is stands in the documents.
    """

    id = models.UUIDField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=8)

    def __str__(self) -> str:
        return str(self.pk)
