"""Letters at the office: the list, a letter as a page, and its file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orgs import access as positions
from orgs import tables, user_log
from orgs.pages.common import holder, page_of, person, say_refused
from orgs.roles import Capability
from sanctions import access
from sanctions.letters import sending_on
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
    context = {
        "letter": found,
        "sends_on": positions.may(user, Capability.DECIDE_SANCTIONS) and found in sending_on.unreached(),
        "members": sending_on.members_of(found.partner),
    }
    return render(request, "sanctions/letter.html", context)


@login_required
@require_POST
def send_on(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Send a letter of a sanction to the partner's member in the steering group of today."""
    user = person(request)
    positions.require(user, Capability.DECIDE_SANCTIONS)
    found = get_object_or_404(access.letters_for(user), year=year, number=number)
    try:
        sending_on.send_on(found, by=user)
    except ValidationError as error:
        say_refused(request, error)
    else:
        messages.success(request, gettext("The letter was sent on."))
    return redirect("office:letter", year, number)


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
