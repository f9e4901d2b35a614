"""Drafts of the instructions at the desk: what each changes, and what can be done to it."""

import datetime
from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse

from orgs.models import User
from services.models import Service
from services.publishing import Draft
from services.site import residence
from services.tracks import INTERNAL, PUBLIC, Part, Track
from workflow import composition
from workflow.actions.steps import open_run_of
from workflow.desk import step_forms
from workflow.desk.changes import Change, changes_between
from workflow.desk.step_form import StepForm
from workflow.models import Event, Run


@dataclass(frozen=True)
class InstructionDraft:
    """An open run of instructions: the common ones, or a municipality's own."""

    run: Run
    changes: list[Change]
    lacking: int
    publish: StepForm | None
    withdraw: StepForm | None

    @property
    def preview(self) -> str:
        """Return the address of the page that experts would read."""
        return preview_of(self.run.service, self.run.part)

    @property
    def title(self) -> str:
        """Return whose instructions they are."""
        return str(self.run.municipality or Track.INTERNAL.label)


def preview_of(service: Service, part: Part) -> str:
    """Return the address of the page that readers would find if the draft of a part were published."""
    if part == PUBLIC:
        return reverse("desk:preview", args=[service.external_id])
    address = reverse("desk:preview_instructions", args=[service.external_id])
    return residence.carrying(address, part.municipality)


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


@dataclass(frozen=True)
class MunicipalPublication:
    """A municipality's own instructions that were published: whose, by whom and when."""

    municipality: str
    by: str
    day: datetime.date


def municipal_since(service: Service) -> list[MunicipalPublication]:
    """Return what municipalities have published of their own since the public text was, the newest first."""
    public = service.runs.filter(track=Track.PUBLIC).aggregate(last=Max("version__number"))["last"] or 0
    events = service.events.filter(kind=Event.Kind.MUNICIPAL_PUBLISHED, run__version__number__gt=public)
    return [
        MunicipalPublication(
            str(event.run.municipality), event.actor.get_full_name() if event.actor else "", event.day
        )
        for event in events.select_related("run__municipality", "actor")
        if event.run
    ]


def drafts_of(user: User, draft: Draft) -> list[InstructionDraft]:
    """Return the draft of the common instructions, where there is one."""
    found = draft_of(user, draft, INTERNAL)
    return [found] if found else []
