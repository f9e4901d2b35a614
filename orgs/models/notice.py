"""Notices: the outbox. A row is written in the transaction of what it tells of."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeClass(models.TextChoices):
    """What a notice is about; people choose by class whether it waits for the daily digest."""

    SECURITY = "security", _("Security and account")
    MEMBERSHIP = "membership", _("Roles and seats")
    ORGANISATION = "organisation", _("People of my organisation")
    PIPELINE = "pipeline", _("Publication of services")
    FRESHNESS = "freshness", _("Keeping content fresh")
    REQUESTS = "requests", _("Change requests")
    SANCTIONS = "sanctions", _("Remarks and sanctions")
    AGREEMENT = "agreement", _("The joint agreement")


class Notice(models.Model):
    """One message to one person, and what became of it."""

    class State(models.TextChoices):
        """Where a notice stands."""

        WAITING = "waiting", _("Waiting")
        # Handed to the mail server by someone, who holds it until `not_before`.
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        DROPPED = "dropped", _("Not needed any more")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    # For those who have no account yet.
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=3)
    kind = models.CharField(max_length=40)
    notice_class = models.CharField(_("about"), max_length=16, choices=NoticeClass.choices)
    context = models.JSONField(default=dict)
    digest = models.BooleanField(default=False)
    # Written by what runs by the clock, not by what a person did (`orgs.brakes`).
    by_clock = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)
    # Part of the Message-ID: no other installation, nor this one set up anew, ever uses the same.
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.CharField(max_length=300, blank=True)
    # As sent; empty for those whose text holds a secret link.
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["not_before"],
                name="notice_in_the_outbox",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["created_at"], name="notice_by_clock", condition=models.Q(by_clock=True)),
            models.Index(fields=["recipient", "-created_at"], name="notice_of_recipient"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | ~models.Q(address=""),
                name="notice_has_a_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient or self.address}"


class NoticeChoice(models.Model):
    """A person wants the notices of a class once a day, in one message."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    notice_class = models.CharField(max_length=16, choices=NoticeClass.choices)

    class Meta:
        ordering = ["user", "notice_class"]
        constraints = [
            models.UniqueConstraint(fields=["user", "notice_class"], name="notice_choice_once_a_class"),
            models.CheckConstraint(
                condition=~models.Q(notice_class=NoticeClass.SECURITY),
                name="security_notices_never_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.notice_class}"
