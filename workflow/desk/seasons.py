"""Holiday seasons: when every clock stands still; set by the project manager, told to providers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from orgs import access, clock
from orgs.localised import page_language
from orgs.pages.action_form import add_refusal, text_box
from orgs.pages.common import person, say_refused
from orgs.roles import Capability
from services.names import name_of
from workflow import season_effects
from workflow.actions import seasons as actions
from workflow.models import HolidaySeason

_CHANGES = 20  # of the past, on the page


class SeasonForm(forms.ModelForm[HolidaySeason]):
    """A season's first and last day, and why they are changed."""

    reason = text_box(
        gettext_lazy("Reason"), help_text=gettext_lazy("Needed where days are changed that are over.")
    )

    class Meta:
        model = HolidaySeason
        fields = ("first_day", "last_day")
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in ("first_day", "last_day")
        }

    @property
    def days(self) -> str:
        """Return the days that were looked at, as the page sends them back."""
        return f"{self.instance.first_day} {self.instance.last_day}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seasons(request: HttpRequest) -> HttpResponse:
    """List the seasons, and set a new one."""
    access.require(request.user, Capability.SET_SEASONS)
    return _answer(request, SeasonForm(request.POST or None))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, number: int) -> HttpResponse:
    """Move a season, or take away one that has not begun."""
    access.require(request.user, Capability.SET_SEASONS)
    found = get_object_or_404(HolidaySeason, pk=number)
    if "remove" not in request.POST:
        return _answer(request, SeasonForm(request.POST or None, instance=found))
    try:
        actions.remove(found, by=person(request))
    except ValidationError as refused:
        say_refused(request, refused)
        return redirect("desk:season", number)
    messages.success(request, _("The season was removed. Providers are told, and clocks reckoned anew."))
    return redirect("desk:seasons")


def _answer(request: HttpRequest, form: SeasonForm) -> HttpResponse:
    """Show what the season would change first, and set it when that has been seen."""
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = form.instance
        try:
            if request.POST.get("seen") == form.days:
                actions.save(given, by=person(request), reason=form.cleaned_data["reason"])
                messages.success(request, _("The season was set. Clocks are reckoned anew."))
                return redirect("desk:seasons")
            before = actions.check(given, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_refusal(form, error)
        else:
            found = season_effects.moved(before, given)
            context = {
                "seen": form.days,
                "moved": [(one, name_of(one.run.service, page_language())) for one in found],
                "losing": season_effects.losing_their_ground(found),
            }
    context |= {
        "form": form,
        "seasons": HolidaySeason.objects.all(),
        "today": clock.today(),
        "changes": HolidaySeason.history.select_related("history_user")[:_CHANGES],
    }
    return render(request, "workflow/seasons.html", context, status=422 if form.errors else 200)
