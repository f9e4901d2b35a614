"""Meetings of the two bodies, workshops, and who was there (docs/rules.md sections 6 and 7)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.models import Organisation, User

_PERSON = settings.AUTH_USER_MODEL

LONGEST_TEXT = 20_000  # characters


class Meeting(models.Model):
    """A meeting that was held, or a workshop that is or was to be; one of a kind a day.

    A workshop has the partner whose turn it is to facilitate it, and, once it has been recorded,
    whether it was done; the facilitator gives the material before and the notes after.
    """

    class Kind(models.TextChoices):
        """Which body met, or that it was a workshop."""

        WORKING_GROUP = "working_group", _("Working group")
        STEERING_GROUP = "steering_group", _("Steering group")
        WORKSHOP = "workshop", _("Policy workshop")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    on = models.DateField(_("day"))
    facilitator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("facilitator"),
    )  # fmt: skip
    # None: a workshop that is planned, or whose record is still to come.
    facilitated = models.BooleanField(_("the facilitator did its part"), null=True, blank=True, default=True)
    excused = models.CharField(_("justified reason"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    material = models.TextField(_("material before"), max_length=LONGEST_TEXT, blank=True)
    minutes = models.TextField(_("notes after"), max_length=LONGEST_TEXT, blank=True)
    recorded_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    # Who changes it, when and why: the history asks for it.
    _history_user: User | None
    _history_date: datetime.datetime
    _change_reason: str | None

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["on", "kind"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "on"],
                name="meeting_one_of_a_kind_a_day",
                violation_error_message=_("This meeting has been recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="workshop", facilitator__isnull=False)
                | (~Q(kind="workshop") & Q(facilitator=None, facilitated=True)),
                name="meeting_workshop_has_its_facilitator",
                violation_error_message=_("Choose who was to facilitate the workshop."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def is_planned(self) -> bool:
        """Tell whether it is a workshop of which nothing has been recorded yet."""
        return self.facilitated is None

    @property
    def host(self) -> Organisation:
        """Return the partner whose turn it is to facilitate a workshop."""
        assert self.facilitator is not None
        return self.facilitator


class Attendance(models.Model):
    """Who was in a meeting for a partner. An excused absence counts for nothing."""

    class Presence(models.TextChoices):
        """How a partner was there."""

        MEMBER = "member", _("Member")
        DEPUTY = "deputy", _("Deputy")
        SUBSTITUTE = "substitute", _("Substitute")
        CONTACT = "contact", _("Contact person")  # in a workshop, where no seat is asked for
        ABSENT = "absent", _("Absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(_("present"), max_length=10, choices=Presence.choices)
    # The substitute who was named for this meeting.
    substitute = models.CharField(_("substitute's name"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    excused = models.CharField(_("justified reason"), max_length=500, blank=True)

    _history_user: User | None
    _history_date: datetime.datetime
    _change_reason: str | None

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["meeting", "partner"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "partner"], name="attendance_once_a_partner"),
            models.CheckConstraint(
                condition=Q(presence="substitute") ^ Q(substitute=""),
                name="attendance_substitute_has_a_name",
                violation_error_message=_("Give the substitute's name."),
            ),
            models.CheckConstraint(
                condition=Q(excused="") | Q(presence="absent"), name="attendance_only_absence_is_excused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.partner}, {self.presence}"
