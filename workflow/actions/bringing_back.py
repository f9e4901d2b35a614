"""Withdrawn changes can be taken back for a day: what was given up is a draft again."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import User
from orgs.refused import Refused
from services import documents, revisions, tracks
from services.changes import BadChanges
from services.models import Service, WorkingCopy
from workflow import editing, telling
from workflow.actions.steps import begin, open_run_of
from workflow.events import Kind, record
from workflow.models import Event, Run
from workflow.states import RunState, Step

LASTS = datetime.timedelta(days=1)


class Meanwhile(Refused):
    """Someone has written into the same places since."""

    def __init__(self, fields: list[str]) -> None:
        words = _("This has been changed since, so the withdrawn words can't be taken back: %(fields)s.")
        super().__init__(words % {"fields": ", ".join(fields)})


def withdrawn_of(service: Service) -> list[Run]:
    """Return the runs of a service that were withdrawn within a day, and have words to take back."""
    events = Event.objects.filter(run=OuterRef("pk"))
    gave_up = events.filter(kind=Kind.WITHDRAWN, detail__has_key="revision")
    taken = events.filter(kind=Kind.BROUGHT_BACK)
    recent = service.runs.filter(state=RunState.WITHDRAWN, closed_at__gt=clock.now() - LASTS)
    runs = recent.filter(Exists(gave_up), ~Exists(taken))
    return list(runs.select_related("municipality", "closed_by"))


@transaction.atomic
def bring_back(run: Run, *, by: User) -> Run:
    """Write what a withdrawn run gave up into the working copy again; return the draft that carries it.

    What others have written since stays. Raises Meanwhile where that is in the same places, NotNow for a
    run that is not withdrawn, Refused when the day is over or it was taken back before.
    """
    run = begin(run, Step.BRING_BACK, by)
    if run not in withdrawn_of(run.service):
        raise Refused(_("It can't be taken back any more: that is possible once, within a day."))
    event = run.events.get(kind=Kind.WITHDRAWN)
    copy, before = WorkingCopy.objects.get(service=run.service), event.detail["revision"]
    given_up, left = (revisions.base_of(copy, number) for number in (before, before + 1))
    words = tracks.diff(left, given_up, run.part)
    try:
        saved = editing.save(run.service, words, by=by, base=before + 1)
    except BadChanges as refused:
        raise Refused(" ".join(problem.message for problem in refused.problems)) from refused
    if saved.conflicts:
        places = [documents.field_of(conflict.path) for conflict in saved.conflicts]
        raise Meanwhile([str(field.label) for field in dict.fromkeys(places)])
    draft = open_run_of(run.service, run.part)
    assert draft is not None
    draft.writers.add(*run.writers.all())
    record(Kind.BROUGHT_BACK, run.service, run=run, by=by)
    telling.brought_back_from(run, by=by)
    return draft
