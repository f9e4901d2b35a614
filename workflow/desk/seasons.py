"""Holiday seasons: when every clock stands still; set by the project manager, told to providers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orgs import access, clock
from orgs.pages.common import person
from orgs.roles import Capability
from workflow.actions import seasons as actions
from workflow.models import HolidaySeason


class SeasonForm(forms.ModelForm[HolidaySeason]):
    """A season's first and last day."""

    class Meta:
        model = HolidaySeason
        fields = ("first_day", "last_day")
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in ("first_day", "last_day")
        }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seasons(request: HttpRequest) -> HttpResponse:
    """List the seasons, and set a new one."""
    access.require(request.user, Capability.SET_SEASONS)
    return _answer(request, SeasonForm(request.POST or None))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, number: int) -> HttpResponse:
    """Move a season that is not over."""
    access.require(request.user, Capability.SET_SEASONS)
    found = get_object_or_404(HolidaySeason, pk=number, last_day__gte=clock.today())
    return _answer(request, SeasonForm(request.POST or None, instance=found))


def _answer(request: HttpRequest, form: SeasonForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.save(form.instance, by=person(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The season was set. Providers are told, and clocks reckoned anew."))
            return redirect("desk:seasons")
    context: dict[str, Any] = {
        "form": form,
        "seasons": HolidaySeason.objects.all(),
        "today": clock.today(),
    }
    return render(request, "workflow/seasons.html", context, status=422 if form.errors else 200)
