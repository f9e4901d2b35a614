"""Drafts of the instructions at the desk: what each changes, and what can be done to it."""

from dataclasses import dataclass

from orgs.models import User
from services.publishing import Draft
from services.tracks import INTERNAL, Part, Track
from workflow import composition
from workflow.actions.steps import open_run_of
from workflow.desk import step_forms
from workflow.desk.changes import Change, changes_between
from workflow.desk.step_forms import StepForm
from workflow.models import Run


@dataclass(frozen=True)
class InstructionDraft:
    """An open run of instructions: the common ones, or a municipality's own."""

    run: Run
    changes: list[Change]
    lacking: int
    publish: StepForm | None
    withdraw: StepForm | None

    @property
    def title(self) -> str:
        """Return whose instructions they are."""
        return str(self.run.municipality or Track.INTERNAL.label)


def draft_of(user: User, draft: Draft, part: Part) -> InstructionDraft | None:
    """Return the draft of a part of the instructions, with what a person may do to it; None without one."""
    run = open_run_of(draft.service, part)
    if run is None:
        return None
    run.service = draft.service
    carried = composition.of_run(run, draft)
    offered = step_forms.offered(run, user)
    return InstructionDraft(
        run,
        changes_between(draft.published, carried.document, part),
        len(carried.lacking()),
        offered.get("publish-instructions"),
        offered.get("withdraw-instructions"),
    )


def drafts_of(user: User, draft: Draft) -> list[InstructionDraft]:
    """Return the draft of the common instructions, where there is one."""
    found = draft_of(user, draft, INTERNAL)
    return [found] if found else []
