"""Cases: breaches of the agreement on their way from a ground to an end (docs/rules.md section 6)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orgs.actors import System
from orgs.append_only import append_only
from orgs.models import Agreement, Organisation
from orgs.terms import Terms
from sanctions.models.handover import Handover
from sanctions.proceeding import Ground, Stage
from services.models import Service
from workflow.models import Run

_PERSON = settings.AUTH_USER_MODEL


class Case(models.Model):
    """A breach of a partner: why, since when, and what comes next.

    `ground_on` is the day from which it is a breach; the partner is the one responsible on that day,
    the terms are those of that day. `next_stage` is proposed on `next_on`, and
    `proposed_on` keeps that it was; all three are empty once the case is over.
    """

    class State(models.TextChoices):
        """Where a case stands."""

        OPEN = "open", _("Open")
        PUT_RIGHT = "put_right", _("Put right")
        EXEMPTED = "exempted", _("Exempted")
        GROUNDLESS = "groundless", _("The ground fell away")
        REMARKED = "remarked", _("Remark given")
        SANCTIONED = "sanctioned", _("Sanction given")

    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices)
    ground_on = models.DateField(_("breach from"))
    text = models.TextField(_("what it is about"), max_length=4000, blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    # A case about cooperation: the year and its half, 2026/2.
    half_year = models.CharField(_("half-year"), max_length=6, blank=True)
    # In words as it was opened, by language: {"partner": {"fi": ...}, "what": ..., "reason": ...}.
    as_opened = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    with_steering = models.BooleanField(_("taken to the steering group"), default=False)
    next_stage = models.CharField(_("next step"), max_length=10, choices=Stage.choices, blank=True)
    next_on = models.DateField(_("next step on"), null=True, blank=True)
    proposed_on = models.DateField(_("proposed"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-ground_on", "-pk"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [models.Index(fields=["state", "next_on"], name="case_by_next_step")]
        constraints = [
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(run__isnull=False) & ~Q(state="groundless"),
                name="case_one_a_run",
            ),
            models.UniqueConstraint(
                fields=["handover"],
                condition=Q(handover__isnull=False) & ~Q(state="groundless"),
                name="case_one_a_handover",
            ),
            models.UniqueConstraint(
                fields=["partner", "half_year"],
                condition=~Q(half_year="") & ~Q(state__in=["groundless", "exempted"]),
                name="case_one_a_half_year",
            ),
            models.CheckConstraint(
                condition=Q(ground=Ground.OVERDUE, run__isnull=False)
                | (~Q(ground=Ground.OVERDUE) & Q(run=None)),
                name="case_overdue_has_its_run",
            ),
            models.CheckConstraint(
                condition=Q(ground=Ground.HANDOVER) ^ Q(handover=None),
                name="case_about_a_handover_has_it",
            ),
            models.CheckConstraint(
                condition=Q(ground=Ground.COOPERATION) ^ Q(half_year=""),
                name="case_cooperation_has_its_half_year",
            ),
            models.CheckConstraint(
                condition=(Q(state="open", closed_on=None, next_on__isnull=False) & ~Q(next_stage=""))
                | (
                    ~Q(state="open")
                    & Q(closed_on__isnull=False, next_on=None, proposed_on=None, next_stage="")
                ),
                name="case_open_has_a_next_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.get_ground_display()}, {self.ground_on}"

    @property
    def terms(self) -> Terms:
        """Return the terms of the day of its ground, which stay whatever is agreed on later."""
        terms: Terms = self.agreement.agreed_on(self.ground_on).terms
        return terms

    @property
    def is_open(self) -> bool:
        """Tell whether something may still follow."""
        return self.state == self.State.OPEN

    def ends_if_put_right(self, on: datetime.date) -> bool:
        """Tell whether it is over once things were put right on a day: before its next stage."""
        return self.is_open and self.next_on is not None and on < self.next_on


class Mention(models.Model):
    """A day on which a matter was raised with the partner's main user or seat holder. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mentions")
    on = models.DateField(_("day"))
    to = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("with whom"))
    text = models.CharField(_("what was said"), max_length=500)

    class Meta:
        ordering = ["case", "on", "pk"]
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case}: {self.on}"


class Decision(models.Model):
    """What was decided of a case: who, when, on what grounds. Append-only.

    `on` is the day on which it takes effect. `actor_as` says that the agreement's own dates decided.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        GIVEN = "given", _("accepted the proposal")
        POSTPONED = "postponed", _("postponed the proposal")
        EXEMPTED = "exempted", _("exempted the partner")
        PUT_RIGHT = "put_right", _("closed the case as put right")
        GROUNDLESS = "groundless", _("closed the case: its ground fell away")
        TO_STEERING = "to_steering", _("took the case to the steering group")
        CORRECTED = "corrected", _("corrected what had been given")
        REOPENED = "reopened", _("opened the case again")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stage = models.CharField(_("step"), max_length=10, choices=Stage.choices, blank=True)
    on = models.DateField(_("day"))
    at = models.DateTimeField()
    actor = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor_as = models.CharField(max_length=12, choices=System.choices, blank=True)
    text = models.TextField(_("grounds"), max_length=4000, blank=True)
    put_right_by = models.DateField(_("to be put right by"), null=True, blank=True)
    until = models.DateField(_("postponed until"), null=True, blank=True)
    amount = models.DecimalField(_("sanction"), max_digits=8, decimal_places=2, null=True, blank=True)
    # Of a discussion: the day on which it was held, and with whom of the partner.
    held_on = models.DateField(_("day of the discussion"), null=True, blank=True)
    held_with = models.CharField(_("with whom"), max_length=200, blank=True)
    # Of a case that was with the steering group: the meeting and decision that this one carries out.
    steering = models.CharField(_("decision of the steering group"), max_length=300, blank=True)

    class Meta:
        ordering = ["case", "at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage"], condition=Q(kind="given"), name="decision_stage_given_once"
            ),
            models.CheckConstraint(condition=Q(actor=None) ^ Q(actor_as=""), name="decision_has_an_actor"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(kind__in=["given", "put_right", "groundless"]),
                name="decision_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(held_on=None) ^ ~Q(held_with=""), name="decision_discussion_is_whole"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case}: {self.kind} {self.on}"


class Answer(models.Model):
    """What the partner answered in a case, with a file where one was given. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("answer"), max_length=8000)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["case", "at", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case}: {self.at}"
