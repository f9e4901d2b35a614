"""Change requests: what experts and others ask to be mended on a service's page (docs/rules.md section 1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from services.fields import Audience
from services.models import Service


class ChangeRequest(models.Model):
    """A request, optionally at a field, until it is answered.

    The audience decides who reads it: a request about internal information stays with those who
    may read that.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        DONE = "done", _("Mended")
        NOT_DONE = "not_done", _("Not changed")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="change_requests")
    audience = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Audience])
    field = models.CharField(_("part of the page"), max_length=40, blank=True)
    text = models.TextField(_("what should be changed"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["service", "at", "pk"]
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at=None, answered_by=None)
                | (~models.Q(outcome="") & models.Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="change_request_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.by}"
