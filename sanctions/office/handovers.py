"""Handovers: the list of those that a person sees, and confirming one."""

import datetime
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orgs import access as positions
from orgs import clock, tables
from orgs.models import User
from orgs.pages.common import holder, page_of, person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from sanctions import access
from sanctions.actions import handing_over
from sanctions.models import Handover
from sanctions.office.common import tabs_of

COLUMNS = (
    tables.Column[Handover](gettext_lazy("Partner"), lambda one: one.partner),
    tables.Column[Handover](gettext_lazy("Reason"), lambda one: one.get_reason_display()),
    tables.Column[Handover](gettext_lazy("Predecessor"), lambda one: one.giver.get_full_name()),
    tables.Column[Handover](gettext_lazy("Successor"), lambda one: one.receiver.get_full_name()),
    tables.Column[Handover](gettext_lazy("Changed on"), lambda one: one.starts_on),
    tables.Column[Handover](gettext_lazy("Due"), lambda one: one.due_on),
    tables.Column[Handover](gettext_lazy("Done"), lambda one: one.done_on),
    tables.Column[Handover](gettext_lazy("Justified reason"), lambda one: one.excused),
)


def handovers_for(user: User) -> "QuerySet[Handover, Handover]":
    """Return the handovers that a person sees: the own ones, and those of partners that the person sees."""
    seen = access.partners_for(user, Capability.SEE_ATTENDANCE)
    found = Handover.objects.filter(Q(partner__in=seen) | Q(giver=user) | Q(receiver=user))
    return found.select_related("partner", "giver", "receiver")


@login_required
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """List the handovers, those to be done first; also as a file."""
    user = holder(request, Capability.SEE_ATTENDANCE)
    done = ExpressionWrapper(Q(given_at__isnull=False, received_at__isnull=False), BooleanField())
    found = handovers_for(user).alias(done=done).order_by("done", "due_on", "pk")
    if file := tables.exported(request, "handovers", COLUMNS, found):
        return file
    context = {"page": page_of(request, found), "today": clock.today(), "tabs": tabs_of(user)}
    return render(request, "sanctions/handovers.html", context)


@login_required
@require_safe
def handover(request: HttpRequest, number: int) -> HttpResponse:
    """Show one, with what the person may confirm."""
    user = person(request)
    found = get_object_or_404(handovers_for(user), pk=number)
    records = positions.may(user, Capability.RECORD_MEETINGS)
    halves = [
        Half("giver", _("Predecessor"), found.giver, found.given_at, user, records),
        Half("receiver", _("Successor"), found.receiver, found.received_at, user, records),
    ]
    context = {
        "handover": found,
        "giver": found.giver.get_full_name(),
        "receiver": found.receiver.get_full_name(),
        "halves": halves,
        "today": clock.today(),
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/handover.html", context)


@dataclass(frozen=True)
class Half:
    """One of the two who confirm, for a reader: `records` tells whether the reader confirms for others."""

    key: str
    label: str
    who: User
    at: datetime.datetime | None
    reader: User
    records: bool

    @property
    def own(self) -> bool:
        """Tell whether the reader is this person."""
        return self.who.pk == self.reader.pk

    @property
    def may(self) -> bool:
        """Tell whether the reader may confirm it now."""
        return self.at is None and (self.own or self.records)


class ConfirmForm(forms.Form):
    """How it is known, and when it was done, where one confirms for another."""

    note = forms.CharField(max_length=500, required=False)
    on = forms.DateField(required=False)


@login_required
@require_POST
def confirm(request: HttpRequest, number: int, half: str) -> HttpResponse:
    """Confirm one half."""
    user = person(request)
    found = get_object_or_404(handovers_for(user), pk=number)
    if half not in ("giver", "receiver"):
        raise Http404
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        say_refused(request, ValidationError(form.errors.as_data()))
        return redirect("office:handover", number)
    given = form.cleaned_data
    try:
        handing_over.confirm(found, by=user, giver=half == "giver", note=given["note"], on=given["on"])
    except (Refused, ValidationError) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The handover was confirmed."))
    return redirect("office:handover", number)
