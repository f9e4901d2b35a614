"""Meetings: a year's matrix of who was there, and recording one."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from orgs import access as positions
from orgs import clock, tables
from orgs.models import Organisation
from orgs.pages.action_form import add_refusal, day_field, text_box
from orgs.pages.common import holder, person
from orgs.roles import Capability, SeatKind
from sanctions import access, facts, neglects
from sanctions.actions import meetings as actions
from sanctions.actions.meetings import There
from sanctions.actions.workshops import record as record_workshop
from sanctions.models import Attendance, Meeting
from sanctions.office.common import tabs_of
from sanctions.office.matrix import Cell, matrices_of
from sanctions.office.workshop_forms import WorkshopForm
from sanctions.office.workshops import workshops

Kind, Presence = Meeting.Kind, Attendance.Presence

# How a partner is there in a body that has seats.
_SEATED = (Presence.MEMBER, Presence.DEPUTY, Presence.SUBSTITUTE, Presence.ABSENT)

COLUMNS = (
    tables.Column[Cell](gettext_lazy("Partner"), lambda cell: cell.partner),
    tables.Column[Cell](gettext_lazy("Day"), lambda cell: cell.meeting.on),
    tables.Column[Cell](gettext_lazy("Meeting"), lambda cell: cell.meeting.get_kind_display()),
    tables.Column[Cell](gettext_lazy("Present"), lambda cell: cell.words),
    tables.Column[Cell](gettext_lazy("Counts"), lambda cell: cell.counts),
    tables.Column[Cell](gettext_lazy("Note"), lambda cell: cell.note),
)


@login_required
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Show a year's attendance of the partners that the person sees; also as a file."""
    user = holder(request, Capability.SEE_ATTENDANCE)
    year = _year(request.GET.get("year", ""))
    terms = facts.terms_of(min(clock.today(), datetime.date(year, 12, 31)))
    partners = sorted(access.partners_for(user, Capability.SEE_ATTENDANCE), key=str)
    found = Meeting.objects.filter(on__year=year, facilitated__isnull=False).select_related("facilitator")
    found = found.prefetch_related(Prefetch("attendance", Attendance.objects.all(), "rows"))
    matrices = matrices_of(list(found), partners, neglects.counted_of(year), terms) if terms else []
    cells = [cell for one in matrices for row in one.rows for cell in row.cells if cell.words]
    if file := tables.exported(request, "meetings", COLUMNS, cells, of=str(year)):
        return file
    today = clock.today()
    context: dict[str, Any] = {
        "year": year,
        "years": range(today.year, neglects.first_year() - 1, -1),
        "matrices": matrices,
        "records": positions.may(user, Capability.RECORD_MEETINGS),
        "kinds": Kind,
        "planned": workshops().filter(facilitated=None).order_by("on"),
        "query": f"year={year}&",
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/meetings.html", context)


def _year(asked: str) -> int:
    last = clock.today().year
    return int(asked) if asked.isdigit() and neglects.first_year() <= int(asked) <= last else last


class BodyForm(forms.Form):
    """A meeting of a body: its day and, partner by partner, who was there."""

    on = day_field(label=gettext_lazy("Day"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    reason = text_box(gettext_lazy("Why the record is mended"))

    def __init__(self, kind: Meeting.Kind, meeting: Meeting | None, data: Any = None) -> None:
        day = meeting.on if meeting else clock.today()
        rows = {row.partner_id: row for row in meeting.attendance.all()} if meeting else {}
        initial: dict[str, Any] = {"on": day, "note": meeting.note if meeting else ""}
        super().__init__(data, initial=initial)
        if meeting is None:
            del self.fields["reason"]
        self.partners = neglects.partners_on(day)
        self.holders = actions.holders(kind, day)
        for one in self.partners:
            row = rows.get(one.pk)
            self.fields[f"presence-{one.pk}"] = forms.ChoiceField(
                label=_("%(partner)s was there by") % {"partner": one},
                choices=[(one.value, one.label) for one in _SEATED],
                widget=forms.RadioSelect(),
                initial=row.presence if row else None,
            )
            self.fields[f"substitute-{one.pk}"] = forms.CharField(
                label=_("Substitute's name"), max_length=200, required=False,
                initial=row.substitute if row else "",
            )  # fmt: skip
            self.fields[f"note-{one.pk}"] = forms.CharField(
                label=_("Note"), max_length=500, required=False, initial=row.note if row else ""
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return each partner with its boxes and the holders of its seats."""
        return [
            {
                "partner": one,
                "member": self.holders.get((one.pk, SeatKind.MEMBER), ""),
                "deputy": self.holders.get((one.pk, SeatKind.DEPUTY), ""),
                "presence": self[f"presence-{one.pk}"],
                "boxes": [self[f"substitute-{one.pk}"], self[f"note-{one.pk}"]],
            }
            for one in self.partners
        ]

    def there(self) -> dict[Organisation, There]:
        """Return how each partner was there."""
        given = self.cleaned_data
        return {
            one: There(
                Presence(given[f"presence-{one.pk}"]), given[f"substitute-{one.pk}"], given[f"note-{one.pk}"]
            )
            for one in self.partners
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the name of each substitute."""
        given: dict[str, Any] = super().clean() or {}
        for one in self.partners:
            if given.get(f"presence-{one.pk}") == Presence.SUBSTITUTE and not given.get(
                f"substitute-{one.pk}"
            ):
                self.add_error(f"substitute-{one.pk}", _("Give the substitute's name."))
        return given


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, kind: str) -> HttpResponse:
    """Record a meeting of a kind."""
    positions.require(request.user, Capability.RECORD_MEETINGS)
    if kind not in Kind.values:
        raise Http404
    return _recording(request, Kind(kind), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """Mend what was recorded of a meeting."""
    positions.require(request.user, Capability.RECORD_MEETINGS)
    found = get_object_or_404(Meeting, pk=number)
    return _recording(request, Kind(found.kind), found)


def _recording(request: HttpRequest, kind: Meeting.Kind, found: Meeting | None) -> HttpResponse:
    data = request.POST or None
    form: BodyForm | WorkshopForm
    form = WorkshopForm(found, data) if kind == Kind.WORKSHOP else BodyForm(kind, found, data)
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(request, kind, found, form)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The meeting was recorded."))
            return redirect("office:workshop" if kind == Kind.WORKSHOP else "office:meeting", made.pk)
    mended = found.history.filter(history_change_reason__isnull=False) if found else ()
    context = {"form": form, "kind": kind, "meeting": found, "mended": mended}
    context["tabs"] = tabs_of(person(request))
    return render(request, "sanctions/meeting.html", context, status=422 if form.errors else 200)


def _made(
    request: HttpRequest, kind: Meeting.Kind, found: Meeting | None, form: BodyForm | WorkshopForm
) -> Meeting:
    user, given = person(request), form.cleaned_data
    on = given["on"] or clock.today()
    if isinstance(form, BodyForm):
        return actions.record(
            kind, on, form.there(), by=user, note=given["note"], meeting=found, reason=given.get("reason", "")
        )
    facilitator = form.partners[given["facilitator"]]
    return record_workshop(
        on, facilitator, form.held(), by=user, workshop=found, reason=given.get("reason", "")
    )
