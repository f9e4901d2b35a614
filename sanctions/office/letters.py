"""Letters at the office: the list, a letter as a page, and its file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orgs import tables, user_log
from orgs.pages.common import holder, page_of, person
from orgs.roles import Capability
from sanctions import access
from sanctions.models import Letter
from sanctions.office.common import tabs_of
from services.log_events import Event

COLUMNS = (
    tables.Column[Letter](_("Letter"), lambda one: one.name),
    tables.Column[Letter](_("Day"), lambda one: one.on),
    tables.Column[Letter](_("Partner"), lambda one: one.recipient),
    tables.Column[Letter](_("Kind"), lambda one: one.get_kind_display()),
    tables.Column[Letter](_("Title"), lambda one: one.title),
    tables.Column[Letter](_("Case"), lambda one: one.case_id),
    tables.Column[Letter](_("Decided by"), lambda one: one.signed),
    tables.Column[Letter](_("Recipients"), lambda one: ", ".join(row["name"] for row in one.recipients)),
)


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters to partners that the person sees, the newest first; also as a file."""
    user = holder(request, Capability.SEE_CASES)
    found = access.letters_for(user).order_by("-year", "-number")
    if file := tables.exported(request, "letters", COLUMNS, found):
        return file
    context = {"page": page_of(request, found), "tabs": tabs_of(user)}
    return render(request, "sanctions/letters.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Show a letter as it was sent."""
    user = person(request)
    found = get_object_or_404(access.letters_for(user), year=year, number=number)
    return render(request, "sanctions/letter.html", {"letter": found})


@login_required
@require_safe
def file(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Serve a letter's file as it was sent, to those who see its case."""
    user = person(request)
    found = get_object_or_404(access.letters_for(user).defer(None), year=year, number=number)
    user_log.record(Event.FILE_READ, actor=user, request=request, file=f"letter {found.name}")
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
