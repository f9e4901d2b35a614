"""What a service is about to say: the one document that everyone who writes it works on."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from orgs.actors import System
from services import lifting
from services.fields import Audience, Document
from services.models.service import Service


class KeepsDocument:
    """A row that keeps a document in a column for each audience."""

    shape: int

    @property
    def document(self) -> Document:
        """Return the document, all sections, in the shape of now."""
        kept = {audience.value: getattr(self, audience.value) for audience in Audience}
        return lifting.lifted(kept, self.shape)


class WorkingCopy(KeepsDocument, models.Model):
    """A service's document as it is worked on, a column for each audience, so that none is read in vain.

    Changed through `services.working_copy` only. Each revision is kept in `history` until the
    writing session is over; then its last one stays (`services.revisions`).
    """

    service = models.OneToOneField(
        Service, on_delete=models.CASCADE, primary_key=True, related_name="working_copy"
    )
    revision = models.PositiveIntegerField(default=0)
    # The number of the shape that the document is kept in: read it through `document`.
    shape = models.PositiveSmallIntegerField(default=lifting.current)
    public = models.JSONField()
    internal = models.JSONField()
    editors = models.JSONField()
    changed_at = models.DateTimeField()
    # A person, or a part of the system that has a name.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_as = models.CharField(max_length=12, choices=System.choices, blank=True)

    history = HistoricalRecords(bases=[KeepsDocument, models.Model])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(changed_by=None) ^ models.Q(changed_as=""),
                name="working_copy_is_changed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id}, {self.revision}"
