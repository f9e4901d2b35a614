"""Keeping published content fresh: confirmations and reminders (docs/rules.md section 9)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Notice
from services.models import Service


class Confirmation(models.Model):
    """Someone said that a published service is still valid."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="confirmations")
    on = models.DateField(_("confirmed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["service", "-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.service}: {self.on}"


class Reminder(models.Model):
    """A step of the chain that follows a publication or confirmation: when it was due, and was done.

    `counted_from` is the day of that publication or confirmation; there is one row a step of each
    chain, so that a step is taken once however often the sweep runs.
    """

    class Kind(models.TextChoices):
        """The steps, in order."""

        FIRST = "first", _("First reminder")
        SECOND = "second", _("Second reminder")
        OUTDATED = "outdated", _("Became outdated")
        ARCHIVED = "archived", _("Archived")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(_("step"), max_length=8, choices=Kind.choices)
    counted_from = models.DateField(_("counted from"))
    due_on = models.DateField(_("due"))
    sent_at = models.DateTimeField(_("sent"))
    notices = models.ManyToManyField(Notice, related_name="+")

    class Meta:
        ordering = ["service", "-due_on", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["service", "kind", "counted_from"], name="reminder_once_a_chain")
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()} {self.due_on}"
