"""Events: what was done to a service and its runs, by whom and when. Append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orgs.actors import System
from orgs.append_only import append_only
from services.models import Service
from workflow.models.run import Run


class Event(models.Model):
    """One thing that happened. `day` is the Helsinki date on which it took effect.

    `day` and `at` differ only where a sweep did late what was due earlier. `detail` holds plain
    values and texts that everyone who works on the service may read, never internal content.
    """

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", _("began a draft")
        SUBMITTED = "submitted", _("submitted the content for review")
        RESUBMITTED = "resubmitted", _("submitted the content again")
        LANGUAGES_ADDED = "languages_added", _("took more languages into the review")
        RETURNED = "returned", _("returned the content to the provider")
        RECALLED = "recalled", _("took the content back into review")
        PAUSED = "paused", _("stopped the clock")
        PAUSE_ACCEPTED = "pause_accepted", _("accepted the reason for stopping the clock")
        PAUSE_REFUSED = "pause_refused", _("did not accept the reason for stopping the clock")
        RESUMED = "resumed", _("started the clock again")
        LENGTHENED = "lengthened", _("took the longer terms: the instructions need clarification")
        LONGER_REFUSED = "longer_refused", _("refused the longer terms")
        OVERDUE_UNDONE = "overdue_undone", _("The run is not overdue any more: its due date has moved")
        ESTIMATED = "estimated", _("told the provider that publication takes longer")
        ACCEPTED = "accepted", _("accepted the responsibility for the service")
        MOVED = "moved", _("moved the responsibility for the service")
        MOVE_UNDONE = "move_undone", _("undid the move of the responsibility")
        PASSED_ON = "passed_on", _("passed the service on to another partner")
        TAKEN = "taken", _("took the content to read")
        GIVEN_BACK = "given_back", _("gave the content back for others to read")
        SECTION_CONFIRMED = "section_confirmed", _("confirmed an internal section")
        INSTRUCTIONS_ALONG = "along", _("decided to publish the changed instructions along")
        INSTRUCTIONS_LEFT = "left", _("left the changed instructions a draft")
        SCHEDULED = "scheduled", _("approved publication at a set time")
        UNSCHEDULED = "unscheduled", _("cancelled publication at a set time")
        PUBLISHED = "published", pgettext_lazy("what someone did", "published")
        MUNICIPAL_PUBLISHED = "municipal_published", _("published a municipality's own instructions")
        WITHDRAWN = "withdrawn", _("withdrew the changes")
        BROUGHT_BACK = "brought_back", _("took the withdrawn changes back as a draft")
        OVERDUE = "overdue", _("The run became overdue")
        CONFIRMED = "confirmed", _("confirmed that the content is still valid")
        CONFIRMED_BACK = "confirmed_back", _("confirmed that the content is valid: it is public again")
        OUTDATED = "outdated", _("The service became outdated")
        ARCHIVED = "archived", _("The service was archived")
        RESTORED = "restored", _("restored the service from the archive")
        VERSION_TAKEN = "version_taken", _("took an earlier version as the draft")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="events")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    day = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Done by a part of the system, as by a scheduled job on nobody's word.
    actor_as = models.CharField(max_length=12, choices=System.choices, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-day", "-at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["service", "-at"], name="event_of_service")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor=None) ^ models.Q(actor_as=""),
                name="event_has_an_actor",
            ),
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(kind="overdue"), name="event_overdue_once_a_run"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.service}: {self.kind} {self.day}"
