"""The languages of a run in review: what was written in more of them can be taken along."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from orgs.models import User
from orgs.refused import Refused
from orgs.roles import Capability
from services import access, publishing
from services.completeness import missing
from services.fields import Stage
from services.publishing import Incomplete
from workflow import composition, telling
from workflow.actions.reviewing import NotSubmitted, take_approval_back, written_by_others
from workflow.actions.steps import begin
from workflow.events import Kind, record
from workflow.models import Run
from workflow.states import Step


@transaction.atomic
def add_languages(run: Run, languages: Iterable[str], *, by: User) -> Run:
    """Take what was written in further languages into the review, and tell both halves.

    A reviewer does not take along what others have not submitted. Raises NotSubmitted for that, Incomplete
    where content is missing, Refused where nothing was written in the languages.
    """
    run = begin(run, Step.ADD_LANGUAGES, by)
    if is_for_others(run, may_publish=access.may(by, Capability.PUBLISH, run.service)):
        raise NotSubmitted
    draft = publishing.draft_of(run.service)
    added = sorted(set(languages) & set(composition.of_run(run, draft).left_languages))
    if not added:
        raise Refused(_("Nothing that is not in review yet was written in the languages that you chose."))
    run.languages = sorted({*run.languages, *added})
    if lacking := missing(composition.of_run(run, draft).document, Stage.SUBMISSION, run.languages):
        raise Incomplete(lacking)
    run.save()
    record(Kind.LANGUAGES_ADDED, run.service, run=run, by=by, languages=added)
    take_approval_back(run, by)
    telling.languages_added(run, added, by=by)
    return run


def is_for_others(run: Run, *, may_publish: bool) -> bool:
    """Tell whether the words are others' to submit: those who publish take only their own along."""
    return may_publish and written_by_others(run)
