"""Statutory options: all of them as worded today, and one with its wordings in the order of their days."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, clock
from orgs.pages.common import person, say_refused
from orgs.roles import Capability
from services.keeping import uses, wordings
from services.keeping.tabs import tabs_of
from services.keeping.users import users_of
from services.models import StatutoryOption, StatutoryWording


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class WordingForm(forms.ModelForm[StatutoryWording]):
    """A wording and the day from which it is in force."""

    class Meta:
        model = StatutoryWording
        fields = ("valid_from", "label", "text")
        labels = {"valid_from": _("In force from"), "label": _("Label"), "text": _("Text")}
        widgets = {"valid_from": _day()}
        help_texts = {"text": _("Experts copy it as it stands.")}


class OptionForm(WordingForm):
    """A new option with its first wording."""

    kind = forms.ChoiceField(label=_("Chosen for"), choices=StatutoryOption.Kind.choices)
    field_order = ("kind", "valid_from", "label", "text")


class EndForm(forms.Form):
    """The last day on which an option can be chosen."""

    last_day = forms.DateField(label=_("Last day"), required=False, widget=_day())


@login_required
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """List the options by what they are chosen for, as they are worded today."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    today, rows = clock.today(), list(StatutoryOption.objects.prefetch_related("wordings"))
    groups = []
    for kind in StatutoryOption.Kind:
        used = uses.of(kind.value)
        of_kind = [one for one in rows if one.kind == kind]
        lines = [
            {
                "option": one,
                "wording": one.wording_on(today),
                "coming": [w for w in one.wordings.all() if not wordings.is_fixed(w, today)],
                "used": used.get(one.key, uses.Uses()),
                "ended": one.ends_on is not None and one.ends_on < today,
            }
            for one in of_kind
        ]
        groups.append((kind, lines))
    return render(
        request, "services/keeping/options.html", {"groups": groups, "tabs": tabs_of(person(request))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_option(request: HttpRequest) -> HttpResponse:
    """Add an option with its first wording."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    form = OptionForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = wordings.add_option(form.cleaned_data["kind"], form.instance, by=person(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("The option has been added."))
            return redirect("keeping:option", made.kind, made.key)
    context = {"form": form, "heading": gettext("Add an option")}
    return render(request, "services/keeping/wording.html", context, status=422 if form.errors else 200)


def _known(kind: str, key: str) -> StatutoryOption:
    return get_object_or_404(StatutoryOption.objects.prefetch_related("wordings"), kind=kind, key=key)


@login_required
@require_safe
def option(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Show an option: its wordings, newest first, its last day, and the services that use it."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    return _option_page(request, _known(kind, key))


def _option_page(request: HttpRequest, one: StatutoryOption, end: EndForm | None = None) -> HttpResponse:
    today = clock.today()
    now = one.wording_on(today)
    lines = [
        {"wording": each, "coming": not wordings.is_fixed(each, today), "in_force": each == now}
        for each in sorted(one.wordings.all(), key=lambda each: each.valid_from, reverse=True)
    ]
    context = {
        "option": one,
        "called": now or lines[0]["wording"],
        "lines": lines,
        "end": end or EndForm(initial={"last_day": one.ends_on}),
        "users": users_of(uses.of(one.kind).get(one.key, uses.Uses())),
    }
    wrong = end is not None and bool(end.errors)
    return render(request, "services/keeping/option.html", context, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, kind: str, key: str, number: int | None = None) -> HttpResponse:
    """Write a new wording, which starts from that of today, or mend one that has not begun."""
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    of = _known(kind, key)
    called = str(of.wording_on(clock.today()) or of.wordings.first())
    if number is not None:
        one = get_object_or_404(of.wordings, pk=number)
        if wordings.is_fixed(one, clock.today()):
            messages.error(
                request, gettext("This wording is in force, so it stays as it is. Write a new one.")
            )
            return redirect("keeping:option", kind, key)
        initial: dict[str, Any] = {}
    else:
        one, before = StatutoryWording(option=of), of.wording_on(clock.today())
        initial = {"label": before.label, "text": before.text} if before else {}
    form = WordingForm(request.POST or None, instance=one, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            wordings.save_wording(form.instance, by=person(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("The wording has been saved."))
            return redirect("keeping:option", kind, key)
    heading = gettext("Correct the wording") if number is not None else gettext("Write a new wording")
    context = {"form": form, "option": of, "called": called, "heading": heading}
    return render(request, "services/keeping/wording.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, kind: str, key: str, number: int) -> HttpResponse:
    """Take back a wording that has not begun."""
    one = get_object_or_404(StatutoryWording, pk=number, option__kind=kind, option__key=key)
    try:
        wordings.withdraw_wording(one, by=person(request))
    except ValidationError as error:
        say_refused(request, error)
    else:
        messages.success(request, gettext("The wording has been withdrawn."))
    return redirect("keeping:option", kind, key)


@login_required
@require_POST
def end(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Set or take away the last day on which an option can be chosen."""
    of, form = _known(kind, key), EndForm(request.POST)
    if form.is_valid():
        try:
            wordings.end_option(of, form.cleaned_data["last_day"], by=person(request))
        except ValidationError as error:
            form.add_error("last_day", error)
        else:
            messages.success(request, gettext("The last day has been saved."))
            return redirect("keeping:option", kind, key)
    access.require(request.user, Capability.EDIT_VOCABULARIES)
    return _option_page(request, of, form)
