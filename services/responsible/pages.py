"""Who is responsible for which services, and moving that: chosen, looked at, made, undone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, clock, tables
from orgs.localised import page_language
from orgs.models import Organisation
from orgs.pages.action_form import add_refusal
from orgs.pages.common import page_of, person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from services import transfer_effects, transfers
from services.models import Service, Transfer
from services.models.transfer import Basis
from services.names import name_of
from services.responsibility_periods import Period, of_day, periods
from services.responsible.balance import balances, totals
from services.responsible.forms import TransferForm, seal_of
from services.responsible.selection import SelectionForm, Services, live, require_reader, seen_by

_LATEST = 10  # transfers on the list's page


@dataclass(frozen=True)
class Line:
    """A service with who is responsible today, and with what is decided for a day to come."""

    service: Service
    name: str
    now: Period | None
    then: Period | None


def _lines(services: Services) -> list[Line]:
    today = clock.today()
    rows = services.select_related("responsible_partner").prefetch_related("responsibilities__partner")
    found = []
    for service in rows:
        told = periods(service.responsibilities.all())
        ahead = next((one for one in told if one.first > today), None)
        found.append(Line(service, name_of(service, page_language()), of_day(told, today), ahead))
    return found


_COLUMNS = (
    tables.Column[Line](gettext_lazy("Service"), lambda line: line.name),
    tables.Column[Line](gettext_lazy("Identifier"), lambda line: line.service.external_id),
    tables.Column[Line](gettext_lazy("State"), lambda line: line.service.get_status_display()),
    tables.Column[Line](gettext_lazy("Responsible partner"), lambda line: line.now and line.now.row.partner),
    tables.Column[Line](gettext_lazy("Basis"), lambda line: line.now and line.now.row.get_basis_display()),
    tables.Column[Line](gettext_lazy("Responsible from"), lambda line: line.now and line.now.first),
    tables.Column[Line](gettext_lazy("Decision"), lambda line: line.now and line.now.row.decision),
    tables.Column[Line](gettext_lazy("Next partner"), lambda line: line.then and line.then.row.partner),
    tables.Column[Line](gettext_lazy("Next partner from"), lambda line: line.then and line.then.first),
)


@login_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List the services with their partners, and how many each partner has; also as a file."""
    user = person(request)
    require_reader(user)
    seen = seen_by(user)
    asked = SelectionForm(request.GET, user)
    asked.is_valid()
    found = asked.of(seen)
    if file := tables.exported(request, "responsibilities", _COLUMNS, _lines(found)):
        return file
    page = page_of(request, found)
    rows = balances(live())
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    context: dict[str, Any] = {
        "filter": asked,
        "page": page,
        "lines": _lines(page.object_list),
        "balances": rows,
        "bases": Basis.labels,
        "totals": totals(rows),
        "every_service": sum(row.total for row in rows),
        "sets": access.may(user, Capability.SET_RESPONSIBILITY),
        "every": _asked_for(query),
        "most": transfers.MOST,
        "latest": Transfer.objects.select_related("partner")[:_LATEST],
    }
    return render(request, "services/responsible/list.html", context)


def _asked_for(query: QueryDict) -> str:
    """Return the query part that chooses everything the list was asked for."""
    query["all"] = "1"
    return query.urlencode()


def _chosen(request: HttpRequest) -> list[Service]:
    """Return the services that the address chooses: by name, or all that a list was asked for."""
    user = person(request)
    if "all" in request.GET:
        asked = SelectionForm(request.GET, user)
        asked.is_valid()
        return list(asked.of(seen_by(user)))
    named = request.GET.getlist("service")
    return list(seen_by(user).filter(external_id__in=named).order_by("pk"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Move responsibility for the chosen services: what it does is shown first, then made."""
    user = person(request)
    access.require(user, Capability.SET_RESPONSIBILITY)
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, _("Choose at least one service."))
        return redirect("responsible:services")
    form = TransferForm(request.POST or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        plan = form.plan(chosen)
        try:
            if request.POST.get("seen") == seal_of(plan):
                made = transfers.make(plan, by=user)
                messages.success(request, _("The transfer was made. The partners are told."))
                return redirect("responsible:transfer", made.pk)
            transfers.check(plan)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            context = _preview(plan)
    lines = _lines(Service.objects.filter(pk__in=[one.pk for one in chosen]).order_by("pk"))
    context |= {"form": form, "lines": sorted(lines, key=lambda line: line.name.lower())}
    return render(request, "services/responsible/new.html", context, status=422 if form.errors else 200)


def _preview(plan: transfer_effects.Plan) -> dict[str, Any]:
    moving = {service.pk for service in transfers.moving(plan)}
    return {
        "seen": seal_of(plan),
        "plan": plan,
        "moving": moving,
        "same": len(plan.services) - len(moving),
        "effects": transfer_effects.of(plan),
    }


@dataclass(frozen=True)
class Move:
    """A service of a transfer: whose it was on its first day."""

    service: Service
    name: str
    giver: Organisation | None


@login_required
@require_safe
def transfer(request: HttpRequest, number: int) -> HttpResponse:
    """Show a transfer: which services moved from whom to whom, from which day on, and why."""
    user = person(request)
    require_reader(user)
    found = get_object_or_404(Transfer.objects.select_related("partner", "made_by", "undone_by"), pk=number)
    own = {one.organisation for one in access.positions(user)}
    seen = set(seen_by(user).filter(pk__in=found.rows.values("service")).values_list("pk", flat=True))
    moves = []
    for row in transfers.of_transfer(found):
        held = transfers.before(row)
        if row.service_id in seen or (held and held.partner_id in own):
            name = name_of(row.service, page_language())
            moves.append(Move(row.service, name, held.partner if held else None))
    if not moves:
        raise Http404
    context = {
        "transfer": found,
        "moves": sorted(moves, key=lambda move: move.name.lower()),
        "undoes": access.may(user, Capability.SET_RESPONSIBILITY) and transfers.may_be_undone(found),
        "until": found.made_at + transfers.UNDONE_WITHIN,
    }
    return render(request, "services/responsible/transfer.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a transfer."""
    access.require(request.user, Capability.SET_RESPONSIBILITY)
    found = get_object_or_404(Transfer, pk=number)
    try:
        transfers.undo(found, by=person(request))
    except Refused as refused:
        say_refused(request, refused)
    else:
        messages.success(request, _("The transfer was undone. The partners are told."))
    return redirect("responsible:transfer", number)
