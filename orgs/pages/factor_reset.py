"""The pages of a lost second factor: starting to take it off, and the person's confirming it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from orgs import factor_reset, notices
from orgs.pages.common import member_of, person, say_refused, told_often


@login_required
@require_POST
def start(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Send a person of the organisation the link that takes the second factor off."""
    organisation, user = member_of(request, external_id, number)
    try:
        factor_reset.start(user, organisation, by=person(request))
    except ValidationError as error:
        say_refused(request, error)
    except notices.ToldOften:
        messages.warning(request, told_often(str(user)))
    else:
        words = gettext("%(person)s has been sent a link. The second factor stays until it is followed.")
        messages.success(request, words % {"person": user})
    return redirect("orgs:person", external_id, number)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say what will happen, and do it once the person says so."""
    try:
        if request.method == "POST":
            factor_reset.confirm(token)
            messages.success(
                request, gettext("Your second factor has been removed. Sign in, then set up a new one.")
            )
            return redirect("account_login")
        return render(request, "orgs/factor_reset.html", {"member": factor_reset.of(token)})
    except factor_reset.LinkRefused:
        return render(request, "orgs/factor_reset.html", status=410)
