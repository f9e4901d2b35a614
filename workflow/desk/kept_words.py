"""What was typed into other boxes of a page when one of its steps was taken: it is there again after it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from orgs.models import User
from services.models import Service
from workflow.desk import step_forms
from workflow.desk.step_form import StepForm
from workflow.models import Run

_KEY = "kept-words"


def words_of(data: Any, run: Run, user: User, *, but: str) -> dict[str, str]:
    """Return what was typed, by the names of the boxes, into the forms of other steps than one."""
    forms = [form for slug, form in step_forms.offered(run, user, data).items() if slug != but]
    return {
        form.add_prefix(name): data[form.add_prefix(name)]
        for form in forms
        for name in form.changed_data
        if not form[name].is_hidden and isinstance(data.get(form.add_prefix(name)), str)
    }


def keep_words(request: HttpRequest, found: Service, run: Run, user: User, *, but: str) -> None:
    """Keep them for the page that comes next; of a run that is closed nothing is kept."""
    run.refresh_from_db()
    run.service = found
    typed = words_of(request.POST, run, user, but=but) if run.is_open else {}
    if typed or _KEY in request.session:
        request.session[_KEY] = {str(run.pk): typed}


def words_kept(request: HttpRequest, run: Run | None) -> Mapping[str, str]:
    """Return what was kept of a run's page."""
    kept: Mapping[str, Mapping[str, str]] = request.session.get(_KEY, {})
    return kept.get(str(run.pk), {}) if run else {}


def fill_in(forms: Iterable[StepForm], words: Mapping[str, str]) -> None:
    """Put what was typed into the boxes of forms that were not posted."""
    for form in forms:
        if not form.is_bound:
            names = {name: form.add_prefix(name) for name in form.fields}
            form.initial.update({name: words[box] for name, box in names.items() if box in words})
