"""A publication run: one way of a service's working copy through the pipeline (docs/rules.md section 5)."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs import clock
from orgs.models import Municipality, User
from services.models import Service, ServiceVersion
from services.tracks import Part, Track
from workflow.states import CLOCKED, OPEN, RunKind, RunState

_PERSON = settings.AUTH_USER_MODEL


class Run(models.Model):
    """A run from its first draft to publication or withdrawal; a service has at most one open for each part.

    A run is of the public track, of the internal one or of a municipality's own instructions; only the
    public one is submitted, reviewed and has a clock. The clock starts at `submitted_at`. `target_on`
    and `due_on` are what `workflow.run_clock` reckons, kept for lists; None while an open pause keeps
    the day from being known.
    """

    Kind = RunKind
    State = RunState

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="runs")
    track = models.CharField(_("part"), max_length=9, choices=Track.choices, default=Track.PUBLIC)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFTING)
    languages = ArrayField(models.CharField(max_length=3), verbose_name=_("languages"))
    # The instructions need separate clarification: the longer terms hold, unless they were refused.
    longer = models.BooleanField(default=False)
    longer_reason = models.TextField(_("why the longer terms"), max_length=4000, blank=True)
    longer_refused = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    # Everyone who wrote into it: it stands on their desks, and they hear what became of it.
    writers: models.ManyToManyField[User, Any] = models.ManyToManyField(_PERSON, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    submitted_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    target_on = models.DateField(_("target"), null=True)
    due_on = models.DateField(_("due"), null=True)
    # The reviewer's own word on when it will be published.
    estimate_on = models.DateField(_("estimate"), null=True)
    # The due date of which "due soon" was told, and the day on which the run was flagged: once each.
    due_soon_told_for = models.DateField(null=True)
    overdue_from = models.DateField(_("overdue from"), null=True)
    # The reviewer who is reading it, so that others need not; no lock.
    taken_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    # The changed instructions are published with it, on the reviewer's word; a new service's always are.
    with_instructions = models.BooleanField(default=False)
    publish_at = models.DateTimeField(_("publish at"), null=True)
    approved_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    approved_revision = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, null=True, related_name="runs")

    history = HistoricalRecords()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("publication run")
        verbose_name_plural = _("publication runs")
        indexes = [models.Index(fields=["state", "due_on"], name="run_by_due_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "track", "municipality"],
                condition=Q(state__in=OPEN),
                nulls_distinct=False,
                name="run_one_open_a_part",
                violation_error_message=_("The service has an open run already."),
            ),
            models.CheckConstraint(
                condition=Q(track=Track.MUNICIPAL) ^ Q(municipality=None),
                name="run_of_a_municipality_names_it",
            ),
            models.CheckConstraint(
                condition=Q(track=Track.PUBLIC) | Q(submitted_at=None, publish_at=None),
                name="run_of_instructions_has_no_review",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CLOCKED) | Q(submitted_at__isnull=False),
                name="run_in_review_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, closed_at=None)
                | (~Q(state__in=OPEN) & Q(closed_at__isnull=False)),
                name="run_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=(Q(state=RunState.PUBLISHED) & Q(version__isnull=False))
                | (~Q(state=RunState.PUBLISHED) & Q(version=None)),
                name="run_published_has_its_version",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None) | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="run_taken_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None, approved_by=None, approved_revision=None)
                | Q(publish_at__isnull=False, approved_by__isnull=False, approved_revision__isnull=False),
                name="run_scheduled_was_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.pk}"

    @property
    def part(self) -> Part:
        """Return the part of the service that the run carries; of a municipality's its code is read."""
        return Part(Track(self.track), self.municipality.code if self.municipality else "")

    @property
    def is_open(self) -> bool:
        """Tell whether the run is on its way."""
        return self.state in OPEN


class Pause(models.Model):
    """Days on which a run's clock stands still for a reason (docs/rules.md section 5).

    Covers its days from `first_day` up to the day before `until`; None while it is open. Recorded on
    its first day it counts at once; for earlier days, and of the kind OTHER, when the project manager
    has accepted it; never when refused. Holiday seasons are not kept here: they are the same for
    every run.
    """

    class Reason(models.TextChoices):
        """Why the clock stands still."""

        PROVIDER = "provider", _("The provider owes a clarification")
        LEGAL = "legal", _("A legal clarification is pending")
        OTHER = "other", _("Another reason")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices)
    text = models.TextField(_("what it is about"), max_length=4000)
    first_day = models.DateField(_("first day"))
    until = models.DateField(_("the clock goes again"), null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Whether its days count; None while that waits for the project manager, who may refuse any.
    accepted = models.BooleanField(null=True, blank=True)
    decision = models.TextField(_("why it was refused"), max_length=4000, blank=True)
    decided_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["run", "first_day", "pk"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "reason"],
                condition=Q(until=None),
                name="pause_one_open_for_each_reason",
                violation_error_message=_("The clock stands still for this reason already."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("first_day")),
                name="pause_ends_after_it_starts",
                violation_error_message=_("The clock can't go again before it stopped."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.get_reason_display()}"

    @classmethod
    def recorded(
        cls,
        run: Run,
        reason: str,
        text: str,
        *,
        by: User,
        first_day: datetime.date | None = None,
        until: datetime.date | None = None,
    ) -> "Pause":
        """Return a pause that is recorded now, not saved yet; from today, unless another day is given."""
        today = clock.today()
        first_day = first_day or today
        return cls(
            run=run, reason=reason, text=text, first_day=first_day, until=until, opened_at=clock.now(),
            opened_by=by, closed_by=by if until else None,
            accepted=True if reason != cls.Reason.OTHER and first_day >= today else None,
        )  # fmt: skip


class ExtensionNotice(models.Model):
    """What the provider was told when publication takes longer than agreed (docs/rules.md section 5)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="extensions")
    text = models.TextField(_("reason"), max_length=4000)
    estimate_on = models.DateField(_("new estimate"))
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["run", "sent_at"]
        verbose_name = _("extension notice")
        verbose_name_plural = _("extension notices")

    def __str__(self) -> str:
        return f"{self.run}: {self.estimate_on}"


class HolidaySeason(models.Model):
    """Days on which every run's clock stands still, first and last included; announced centrally."""

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    announced_at = models.DateTimeField(_("announced"), null=True, blank=True)
    _history_user: "User | None"  # who changes it now: the history asks for it

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-first_day"]
        verbose_name = _("holiday season")
        verbose_name_plural = _("holiday seasons")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="season_ends_after_it_starts",
                violation_error_message=_("The last day can't be before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} - {self.last_day}"

    def covers(self, day: datetime.date) -> bool:
        """Tell whether the day is in the season."""
        return self.first_day <= day <= self.last_day
