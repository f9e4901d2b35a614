"""A case's page: why, where it stands, what may be done, and everything that has happened."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from orgs import access as positions
from orgs import clock, user_log
from orgs.localised import page_language
from orgs.models import User
from orgs.pages.common import person
from orgs.roles import Capability
from sanctions import access, course, grounds, moved_cases
from sanctions.actions import deciding
from sanctions.models import Case, Correction, Decision
from sanctions.office.case_forms import FORMS, CaseForm
from sanctions.office.common import tabs_of
from sanctions.office.timeline import timeline_of
from services import attachments
from services.log_events import Event
from services.site.attachments import served
from workflow.desk.service import clock_of


def _case(request: HttpRequest, number: int) -> tuple[User, Case]:
    """Return the person and a case that the person sees; a case of others is as if it were not there."""
    user = person(request)
    return user, get_object_or_404(access.cases_for(user), pk=number)


@login_required
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show the case."""
    user, found = _case(request, number)
    return _page(request, found, user, {})


@login_required
@require_POST
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Do something with the case; where it is refused the page says why, and keeps what was written."""
    user, found = _case(request, number)
    if step not in FORMS:
        raise Http404
    form = FORMS[step](found, user, request.POST, request.FILES)
    if form.taken():
        messages.success(request, str(form.done))
        return redirect("office:case", number)
    return _page(request, get_object_or_404(access.cases_for(user), pk=number), user, {step: form})


@login_required
@require_safe
def evidence(request: HttpRequest, number: int, answer: int) -> HttpResponseBase:
    """Serve a file that the partner attached, to those who see the case."""
    user, found = _case(request, number)
    one = get_object_or_404(found.answers.exclude(sha256=""), pk=answer)
    user_log.record(Event.FILE_READ, actor=user, request=request, file=f"case {number}: {one.pk}")
    kind = attachments.content_type_of(one.file_name) or "application/octet-stream"
    return served(one.sha256, one.file_name, kind)


def _page(request: HttpRequest, found: Case, user: User, tried: dict[str, CaseForm]) -> HttpResponse:
    rights = {False: positions.may(user, Capability.DECIDE_SANCTIONS), True: access.may_answer(user, found)}
    given = list(found.decisions.filter(kind=Decision.Kind.GIVEN))
    amount = deciding.amount_proposed(found)
    forms = {
        slug: tried.get(slug) or form(found, user)
        for slug, form in FORMS.items()
        if slug in tried or (rights[form.by_partner] and form.fits(found))
    }
    context: dict[str, Any] = {
        "case": found,
        "partner": grounds.partner_of(found, page_language()),
        "what": grounds.what_of(found, page_language()),
        "ground": grounds.sentence_of(found),
        "stops": course.course_of(found, given, amount),
        "face": clock_of(found.run) if found.run else None,
        "run": found.run,
        "happened": timeline_of(found),
        "sanction": found.ledger.filter(kind="sanction").first(),
        "forms": forms,
        "waited": (clock.today() - found.proposed_on).days if found.proposed_on else 0,
        "pauses_wait": found.run.pauses.filter(accepted=None).count() if found.run else 0,
        "answered": found.answers.order_by("at").last(),
        "moved": moved_cases.moved(found) if found.is_open else None,
        "correction": found.corrections.filter(state=Correction.State.PROPOSED).first(),
        "other_forms": [forms[slug] for slug in ("close", "exempt", "steering", "reopen") if slug in forms],
        "tabs": tabs_of(user),
        "tried": next(iter(tried), ""),
    }
    return render(request, "sanctions/case.html", context, status=422 if tried else 200)
