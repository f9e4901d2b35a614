"""The desk's lists: the runs on their way, and the services."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from orgs import clock, tables
from orgs.localised import page_language
from orgs.models import Organisation, User
from orgs.pages.common import page_of
from orgs.roles import Capability
from services.access import services_for
from services.models import Service
from services.names import in_alphabet, named_like
from services.tracks import Track
from workflow import reminders, waiting
from workflow.desk.common import shown_name
from workflow.desk.desk import require_desk
from workflow.desk.sections import address_of
from workflow.models import Run, Updater
from workflow.states import OPEN
from workflow.waiting import pair_of


def _half(service: Service, half: Updater.Half) -> str:
    return next((one.user.get_full_name() for one in pair_of(service) if one.half == half), "")


def _halves(service: Service) -> list[str]:
    return [_half(service, half) for half in Updater.Half]


_COLUMNS = (
    tables.Column[Run](_("Service"), lambda run: shown_name(run.service)),
    tables.Column[Run](_("Part"), lambda run: run.get_track_display()),
    tables.Column[Run](_("Kind"), lambda run: run.get_kind_display()),
    tables.Column[Run](_("State"), lambda run: run.get_state_display()),
    tables.Column[Run](_("Organiser"), lambda run: run.service.organiser),
    tables.Column[Run](_("Responsible partner"), lambda run: run.service.responsible_partner),
    tables.Column[Run](_("Provider's updater"), lambda run: _half(run.service, Updater.Half.PROVIDER)),
    tables.Column[Run](_("Partner's updater"), lambda run: _half(run.service, Updater.Half.PARTNER)),
    tables.Column[Run](_("Submitted"), lambda run: run.submitted_at),
    tables.Column[Run](_("Target"), lambda run: run.target_on),
    tables.Column[Run](_("Due"), lambda run: run.due_on),
    tables.Column[Run](_("Overdue from"), lambda run: run.overdue_from),
)


class WhoseFilter(forms.Form):
    """What both lists are narrowed by: an organisation of the service, and one of its updaters."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        required=False,
        queryset=Organisation.objects.none(),
        empty_label=pgettext_lazy("organisations", "All"),
    )
    updater = forms.ModelChoiceField(
        label=_("Updater"),
        required=False,
        queryset=User.objects.none(),
        empty_label=pgettext_lazy("people", "All"),
    )

    def __init__(self, data: Any, services: "QuerySet[Service, Service]") -> None:
        """Offer the organisations and the updaters of some services."""
        super().__init__(data)
        within = services.order_by().values("pk")
        of = Q(organised__in=within) | Q(produced__in=within) | Q(responsible_for__in=within)
        offered = {
            "organisation": Organisation.objects.filter(of).distinct(),
            "updater": User.objects.filter(
                updater_of__service__in=within, updater_of__ends_on=None
            ).distinct().order_by("full_name", "pk"),
        }  # fmt: skip
        for name, found in offered.items():
            box = self.fields[name]
            assert isinstance(box, forms.ModelChoiceField)
            box.queryset = found

    def services(self, prefix: str = "") -> Q:
        """Return the condition on services that was asked for; `prefix` leads to the service."""
        given, wanted = self.cleaned_data, Q()
        if one := given.get("organisation"):
            own = Service.objects.filter(Q(organiser=one) | Q(producers=one) | Q(responsible_partner=one))
            wanted &= Q(**{f"{prefix}pk__in": own.order_by().values("pk")})
        if user := given.get("updater"):
            held = Updater.objects.filter(user=user, ends_on=None)
            wanted &= Q(**{f"{prefix}pk__in": held.order_by().values("service")})
        if words := given.get("words"):
            wanted &= named_like(prefix, words)
        return wanted


class RunFilter(WhoseFilter):
    """Which of the runs are listed, and in which order."""

    field_order = ("state", "organisation", "updater", "words", "order")

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *[(state.value, state.label) for state in OPEN], ("late", _("Overdue"))],
    )
    words = forms.CharField(label=_("Name has"), required=False, max_length=100)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Due first")), ("submitted", _("Submitted last first"))],
    )


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """List the open runs of the person's organisations, those due first on top; also as a file."""
    user = require_desk(request)
    mine = waiting.runs_of(user)
    asked = RunFilter(request.GET, Service.objects.filter(runs__in=mine.order_by()))
    asked.is_valid()
    late_first = ("due_on", "submitted_at", "pk")
    newest_first = (F("submitted_at").desc(nulls_last=True), "-pk")
    order = newest_first if asked.cleaned_data.get("order") == "submitted" else late_first
    found = _filtered(mine, asked).order_by(*order)
    if file := tables.exported(request, "runs", _COLUMNS, found):
        return file
    page = page_of(request, found)
    context: dict[str, Any] = {
        "filter": asked,
        "page": page,
        "rows": [(run, shown_name(run.service), address_of(run), *_halves(run.service)) for run in page],
        "today": clock.today(),
    }
    return render(request, "workflow/runs.html", context)


def _filtered(found: "QuerySet[Run, Run]", asked: RunFilter) -> "QuerySet[Run, Run]":
    state = asked.cleaned_data.get("state")
    if state == "late":
        found = found.filter(due_on__lt=clock.today())
    elif state:
        found = found.filter(state=state)
    return found.filter(asked.services("service__"))


def _state_of_run(service: Service) -> str:
    open_runs: list[Run] = service.open_runs  # type: ignore[attr-defined]
    return open_runs[0].get_state_display() if open_runs else ""


_SERVICE_COLUMNS = (
    tables.Column[Service](_("Service"), shown_name),
    tables.Column[Service](_("Identifier"), lambda one: one.external_id),
    tables.Column[Service](_("State"), lambda one: one.get_status_display()),
    tables.Column[Service](_("On its way"), _state_of_run),
    tables.Column[Service](_("Organiser"), lambda one: one.organiser),
    tables.Column[Service](_("Responsible partner"), lambda one: one.responsible_partner),
    tables.Column[Service](_("Provider's updater"), lambda one: _half(one, Updater.Half.PROVIDER)),
    tables.Column[Service](_("Partner's updater"), lambda one: _half(one, Updater.Half.PARTNER)),
    tables.Column[Service](_("Confirmed or published last"), lambda one: one.counted_from),  # type: ignore[attr-defined]
)


class ServiceFilter(WhoseFilter):
    """Which of the services are listed, and in which order."""

    field_order = ("whose", "status", "organisation", "updater", "words", "order")

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("All that I may write")), ("mine", _("Those that I update"))],
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Service.Status.choices]
    )
    words = forms.CharField(label=_("Name has"), required=False, max_length=100)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("By name")),
            ("fresh", _("Longest without confirmation first")),
            ("due", _("Due first")),
        ],
    )

    def ordered(self, found: "QuerySet[Service, Service]") -> "QuerySet[Any, Any]":
        """Return the services, with the day of their last confirmation, in the order asked for."""
        by_name = (in_alphabet(page_language()), "pk")
        match self.cleaned_data.get("order"):
            case "fresh":
                return found.order_by(F("counted_from").asc(nulls_last=True), *by_name)
            case "due":
                runs = Run.objects.filter(service=OuterRef("pk"), state__in=OPEN, track=Track.PUBLIC)
                due = found.annotate(due=Subquery(runs.order_by().values("due_on")[:1]))
                return due.order_by(F("due").asc(nulls_last=True), *by_name)
        return found.order_by(*by_name)


def services_of(user: User) -> "QuerySet[Service, Service]":
    """Return the services that a person writes, with what lists show of them."""
    written = services_for(user, Capability.WRITE_PUBLIC)
    current = Updater.objects.filter(ends_on=None).select_related("user")
    open_runs = Run.objects.filter(state__in=OPEN, track=Track.PUBLIC)
    return written.select_related("organiser", "responsible_partner").prefetch_related(
        Prefetch("updaters", current, "pair"), Prefetch("runs", open_runs, "open_runs")
    )


@login_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List the services that the person writes, with their state and their pair."""
    user = require_desk(request)
    written = services_of(user)
    asked = ServiceFilter(request.GET, written)
    asked.is_valid()
    given = asked.cleaned_data
    found = written.filter(asked.services())
    if given.get("whose") == "mine":
        found = found.filter(Exists(Updater.objects.filter(service=OuterRef("pk"), user=user, ends_on=None)))
    if given.get("status"):
        found = found.filter(status=given["status"])
    found = asked.ordered(reminders.counted(found))
    if file := tables.exported(request, "services", _SERVICE_COLUMNS, found):
        return file
    page = page_of(request, found)
    rows = [(one, shown_name(one), next(iter(one.open_runs), None), *_halves(one)) for one in page]
    return render(request, "workflow/services.html", {"filter": asked, "page": page, "rows": rows})
