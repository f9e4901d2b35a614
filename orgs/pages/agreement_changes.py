"""Setting agreements: the next one, a name or period, and what holds from a day on."""

import datetime
import hashlib
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orgs import access, clock, terms_effects
from orgs import agreements as actions
from orgs.agreement_changes import differences
from orgs.models import AgreedTerms, Agreement
from orgs.pages.action_form import add_refusal
from orgs.pages.agreement_forms import PeriodForm, TermsForm
from orgs.pages.common import person
from orgs.refused import Refused
from orgs.roles import Capability
from orgs.terms import as_values

_DAY = datetime.timedelta(days=1)
_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(_METHODS)
def add(request: HttpRequest) -> HttpResponse:
    """Add the next agreement, starting from what holds at the end of the one before."""
    access.require(request.user, Capability.SET_TERMS)
    before = Agreement.objects.first()
    agreement, model = Agreement(), None
    if before is not None:
        agreement.starts_on = before.ends_on + _DAY
        model = before.agreed_on(before.ends_on)
    period = PeriodForm(request.POST or None, instance=agreement)
    terms = TermsForm(request.POST or None, model=model, day=False)
    if request.method == "POST" and _added(request, period, terms):
        messages.success(request, _("The agreement has been added."))
        return redirect("orgs:agreement", agreement.pk)
    context = {"period": period, "form": terms}
    return render(request, "orgs/agreement_form.html", context, status=_status(period, terms))


def _added(request: HttpRequest, period: PeriodForm, terms: TermsForm) -> bool:
    if not (period.is_valid() & terms.is_valid()):
        return False
    try:
        actions.add(period.instance, terms.instance, terms.shares(), by=person(request))
    except ValidationError as error:
        add_refusal(terms if "decision" in getattr(error, "error_dict", {}) else period, error)
        return False
    return True


def _status(*forms: PeriodForm | TermsForm) -> int:
    return 422 if any(form.errors for form in forms) else 200


@login_required
@require_http_methods(_METHODS)
def period(request: HttpRequest, number: int) -> HttpResponse:
    """Change an agreement's name or period."""
    access.require(request.user, Capability.SET_TERMS)
    found = get_object_or_404(Agreement, pk=number)
    form = PeriodForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_period(form.instance, by=person(request))
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The agreement has been saved."))
            return redirect("orgs:agreement", number)
    context = {"form": form, "agreement": Agreement.objects.get(pk=number)}
    return render(request, "orgs/agreement_period.html", context, status=_status(form))


@login_required
@require_http_methods(_METHODS)
def terms(request: HttpRequest, number: int) -> HttpResponse:
    """Have other terms and shares hold from a day on, starting from those that hold last."""
    access.require(request.user, Capability.SET_TERMS)
    agreement = get_object_or_404(Agreement, pk=number)
    form = TermsForm(
        request.POST or None,
        instance=AgreedTerms(agreement=agreement),
        model=agreement.agreed_on(agreement.ends_on),
    )
    return _answer(request, form)


@login_required
@require_http_methods(_METHODS)
def planned(request: HttpRequest, number: int, change: int) -> HttpResponse:
    """Change what was agreed on for a day to come, or take it back."""
    access.require(request.user, Capability.SET_TERMS)
    found = get_object_or_404(AgreedTerms.objects.select_related("agreement"), pk=change, agreement=number)
    if found.starts_on <= clock.today():
        raise Http404
    if "remove" not in request.POST:
        return _answer(request, TermsForm(request.POST or None, instance=found, model=found, day=False))
    try:
        actions.take_back(found, by=person(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The change was taken back: what held before goes on."))
    return redirect("orgs:agreement", number)


def _answer(request: HttpRequest, form: TermsForm) -> HttpResponse:
    """Show what the change does first, and keep it when that has been seen."""
    agreed = form.instance
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        seal = _seal(form)
        try:
            if request.POST.get("seen") == seal:
                actions.change_terms(agreed, form.shares(), by=person(request))
                messages.success(request, _("The change was saved. Those who signed the agreement are told."))
                return redirect("orgs:agreement", agreed.agreement_id)
            actions.check_change(agreed, form.shares())
        except ValidationError as error:
            add_refusal(form, error)
        else:
            context = {"seen": seal, **_effects(form)}
    context |= {"form": form, "agreement": agreed.agreement}
    return render(request, "orgs/agreement_terms.html", context, status=_status(form))


def _effects(form: TermsForm) -> dict[str, Any]:
    agreed = form.instance
    before = agreed.agreement.agreed_on(agreed.starts_on - _DAY)
    return {
        "changes": differences((before, before.by_partner()), (agreed, form.shares())),
        "effects": terms_effects.of(before.terms, agreed.terms, agreed.starts_on),
        "later": agreed.agreement.agreed.filter(starts_on__gt=agreed.starts_on).first(),
    }


def _seal(form: TermsForm) -> str:
    """Return what tells this change from any other: a page that showed another keeps nothing."""
    agreed = form.instance
    shares = {partner.pk: str(share) for partner, share in form.shares().items()}
    told = [str(agreed.starts_on), str(agreed.decided_on), agreed.decision, as_values(agreed.terms), shares]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
