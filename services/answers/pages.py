"""For ICT: how public pages are answered, and having them made anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from orgs import access
from orgs.pages.common import person
from orgs.roles import Capability
from services.answers import figures, purging


@login_required
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Show what each web process keeps, and how often it answered from it."""
    access.require(request.user, Capability.KEEP_ANSWERS)
    processes = figures.living()
    context = {"processes": processes, "sums": figures.sums(processes)}
    return render(request, "services/answers.html", context)


@login_required
@require_POST
def purge(request: HttpRequest) -> HttpResponse:
    """Have every process make its public answers anew."""
    access.require(request.user, Capability.KEEP_ANSWERS)
    purging.purge(by=person(request))
    messages.success(request, gettext("All public pages are made anew."))
    return redirect("answers:answers")
