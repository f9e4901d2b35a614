"""The states of a publication run and of a service, and every step between them, said once.

A service has a lifecycle (`Service.Status`) and at most one open run for each of its parts. Nothing but
the actions in `workflow.actions` changes either, and each of them asks this table first.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.roles import Capability
from services.models import Service
from services.tracks import Track


class RunState(models.TextChoices):
    """Where a run stands."""

    DRAFTING = "drafting", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    WAITING = "waiting", _("Waiting for the provider")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (RunState.DRAFTING, RunState.IN_REVIEW, RunState.WAITING)
CLOCKED = (RunState.IN_REVIEW, RunState.WAITING)


class RunKind(models.TextChoices):
    """Whether the service was published before."""

    NEW = "new", _("New service")
    UPDATE = "update", _("Update")


class Step(Enum):
    """What can be done to a run."""

    SUBMIT = auto()
    RESUBMIT = auto()
    RETURN = auto()
    RECALL = auto()  # the reviewer takes the run back from the provider
    PAUSE = auto()
    RESUME = auto()
    LENGTHEN = auto()  # the instructions need separate clarification: the longer terms
    SCHEDULE = auto()
    UNSCHEDULE = auto()
    TAKE = auto()  # a reviewer reads it, so that others need not; given back in the same way
    EXTEND = auto()  # tell the provider that it takes longer
    CONFIRM_SECTION = auto()
    ADD_LANGUAGES = auto()  # what was written in more languages goes into the review
    TAKE_ALONG = auto()  # the changed instructions are published with it, or stay a draft
    ACCEPT = auto()  # the responsibility that a provider proposed
    PASS_ON = auto()  # the same to another partner, whose review begins
    DECIDE_PAUSE = auto()
    REFUSE_LONGER = auto()
    PUBLISH = auto()
    WITHDRAW = auto()
    BRING_BACK = auto()  # what was withdrawn is a draft again


class Transition(NamedTuple):
    """From which states a step may be taken, where it leads (None: nowhere), and who may take it."""

    sources: tuple[RunState, ...]
    target: RunState | None
    capability: Capability


_D, _R, _W = RunState.DRAFTING, RunState.IN_REVIEW, RunState.WAITING
_P, _X = RunState.PUBLISHED, RunState.WITHDRAWN
_WRITE, _PUBLISH = Capability.WRITE_PUBLIC, Capability.PUBLISH

_OF_PUBLIC: Mapping[Step, Transition] = {
    Step.SUBMIT: Transition((_D,), _R, _WRITE),
    Step.RESUBMIT: Transition((_W,), _R, _WRITE),
    Step.RETURN: Transition((_R,), _W, _PUBLISH),
    Step.RECALL: Transition((_W,), _R, _PUBLISH),
    Step.PAUSE: Transition((_R, _W), None, _PUBLISH),
    Step.RESUME: Transition((_R, _W), None, _PUBLISH),
    Step.LENGTHEN: Transition((_R, _W), None, _PUBLISH),
    Step.SCHEDULE: Transition((_D, _R), None, _PUBLISH),
    Step.UNSCHEDULE: Transition((_D, _R), None, _PUBLISH),
    Step.TAKE: Transition((_D, _R, _W), None, _PUBLISH),
    Step.EXTEND: Transition((_R, _W), None, _PUBLISH),
    Step.CONFIRM_SECTION: Transition((_D, _R, _W), None, _PUBLISH),
    Step.ADD_LANGUAGES: Transition((_R,), None, _WRITE),
    Step.TAKE_ALONG: Transition((_D, _R, _W), None, _PUBLISH),
    Step.ACCEPT: Transition((_D, _R, _W), None, _PUBLISH),
    Step.PASS_ON: Transition((_R,), None, _PUBLISH),
    # A reason that nobody had decided of when the run was closed can still take its lateness away.
    Step.DECIDE_PAUSE: Transition((_R, _W, _P, _X), None, Capability.DECIDE_PAUSES),
    Step.REFUSE_LONGER: Transition((_R, _W), None, Capability.DECIDE_PAUSES),
    # Who publishes may do so without submitting to oneself first.
    Step.PUBLISH: Transition((_D, _R), RunState.PUBLISHED, _PUBLISH),
    Step.WITHDRAW: Transition((_D, _R, _W), RunState.WITHDRAWN, _WRITE),
    Step.BRING_BACK: Transition((_X,), None, _WRITE),
}


def _of_instructions(publishes: Capability, writes: Capability) -> Mapping[Step, Transition]:
    """Return the steps of a part that nobody reviews: it is written, then published or withdrawn."""
    return {
        Step.PUBLISH: Transition((_D,), RunState.PUBLISHED, publishes),
        Step.WITHDRAW: Transition((_D,), RunState.WITHDRAWN, writes),
        Step.BRING_BACK: Transition((_X,), None, writes),
    }


TRANSITIONS: Mapping[Track, Mapping[Step, Transition]] = {
    Track.PUBLIC: _OF_PUBLIC,
    Track.INTERNAL: _of_instructions(_PUBLISH, Capability.WRITE_INTERNAL),
    Track.MUNICIPAL: _of_instructions(Capability.WRITE_MUNICIPAL, Capability.WRITE_MUNICIPAL),
}


class Move(Enum):
    """What can be done to a service's lifecycle outside of a run."""

    CONFIRM = auto()  # it is still valid
    OUTDATE = auto()
    ARCHIVE = auto()
    RESTORE = auto()


class LifecycleMove(NamedTuple):
    """From which statuses a move may be made, and who may make it."""

    sources: tuple[Service.Status, ...]
    capability: Capability


_S = Service.Status
MOVES: Mapping[Move, LifecycleMove] = {
    Move.CONFIRM: LifecycleMove((_S.PUBLISHED, _S.OUTDATED), Capability.CONFIRM_VALID),
    Move.OUTDATE: LifecycleMove((_S.PUBLISHED,), Capability.OUTDATE),
    Move.ARCHIVE: LifecycleMove((_S.PUBLISHED, _S.OUTDATED, _S.UNPUBLISHED), Capability.ARCHIVE),
    Move.RESTORE: LifecycleMove((_S.ARCHIVED,), Capability.ARCHIVE),
}
