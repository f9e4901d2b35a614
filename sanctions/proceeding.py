"""How a case proceeds: from its ground by stages to its end, each on its day (docs/rules.md section 6).

Pure: days come in, stages go out. A stage is proposed on its day; the next is reckoned from the day on
which the stage before it was really given, so that a term is never shorter than the agreement's.
"""

import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.terms import Terms
from sanctions import ladder


class Ground(models.TextChoices):
    """Why there is a case."""

    OVERDUE = "overdue", _("A publication run is overdue")
    ERROR = "error", _("A recurring error that affects guidance")
    NEGLECT = "neglect", _("Content is neglected repeatedly")
    COOPERATION = "cooperation", _("Absences and neglected workshops")
    HANDOVER = "handover", _("Knowledge was not handed over")


CONTENT = (Ground.OVERDUE, Ground.ERROR, Ground.NEGLECT)


class Stage(models.TextChoices):
    """What is proposed and given next."""

    FIRST = "first", _("First remark")
    SECOND = "second", _("Second remark")
    THIRD = "third", _("Third remark and sanction")
    SANCTION = "sanction", _("Sanction")
    DISCUSSION = "discussion", _("Discussion")
    REMARK = "remark", _("Remark")


_LEVELS = {Stage.FIRST: 1, Stage.SECOND: 2, Stage.THIRD: 3}
_STAGES = {level: stage for stage, level in _LEVELS.items()}


class Next(NamedTuple):
    """A stage, and the day on which it is proposed."""

    stage: Stage
    on: datetime.date


def first(ground: Ground, on: datetime.date) -> Next:
    """Return the stage that a case begins with, on the day of its ground."""
    if ground in CONTENT:
        return Next(Stage.FIRST, on)
    return Next(Stage.SANCTION if ground == Ground.COOPERATION else Stage.DISCUSSION, on)


def stages_of(ground: Ground) -> tuple[Stage, ...]:
    """Return the stages of a case of this ground, in order."""
    if ground in CONTENT:
        return (Stage.FIRST, Stage.SECOND, Stage.THIRD)
    return (Stage.SANCTION,) if ground == Ground.COOPERATION else (Stage.DISCUSSION, Stage.REMARK)


def put_right_by(stage: Stage, on: datetime.date, terms: Terms) -> datetime.date | None:
    """Return the last day to put things right after a stage given on a day; None after the last."""
    level = _LEVELS.get(stage)
    return ladder.remark(level, on, terms).put_right_by if level else None


def following(stage: Stage, on: datetime.date, terms: Terms) -> Next | None:
    """Return what comes after a stage that was given on a day, if nothing is put right; None after the last.

    The agreement sets no time between the discussion about a handover and the remark: the remark may
    follow on the day of the discussion.
    """
    if stage == Stage.DISCUSSION:
        return Next(Stage.REMARK, on)
    level = _LEVELS.get(stage)
    if level is None:
        return None
    step = ladder.following(ladder.remark(level, on, terms), on, terms)
    return Next(_STAGES[step.level], step.on) if step else None


def amount_of(stage: Stage, terms: Terms, *, remarks_before: int = 0) -> Decimal | None:
    """Return the sanction in euros that a stage carries, None where it carries none.

    `remarks_before` counts the partner's earlier remarks on handovers under the agreement, the first
    of which carry none.
    """
    match stage:
        case Stage.THIRD:
            return terms.content_sanction
        case Stage.SANCTION:
            return terms.cooperation_sanction
        case Stage.REMARK if remarks_before >= terms.handover_free_remarks:
            return terms.handover_sanction
    return None
