"""The ledger's page: sanctions, credits and marks of invoicing, with what each partner's come to."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orgs import access as positions
from orgs import tables
from orgs.access import NotAllowed
from orgs.localised import page_language
from orgs.models import Organisation, User
from orgs.pages.common import holder, page_of, person, say_refused
from orgs.refused import Refused
from orgs.roles import Capability
from sanctions import access, grounds
from sanctions import ledger as entries
from sanctions.models import LedgerEntry
from sanctions.office.common import tabs_of
from sanctions.on_record import name_of

Kind = LedgerEntry.Kind


def _partner(row: LedgerEntry) -> str:
    """Return the partner's name as the case has it."""
    return grounds.partner_of(row.case, page_language())


COLUMNS = (
    tables.Column[LedgerEntry](_("Number"), lambda row: row.number),
    tables.Column[LedgerEntry](_("Day"), lambda row: row.on),
    tables.Column[LedgerEntry](_("Partner"), _partner),
    tables.Column[LedgerEntry](_("Kind"), lambda row: row.get_kind_display()),
    tables.Column[LedgerEntry](_("For"), lambda row: row.get_matter_display()),
    tables.Column[LedgerEntry](_("Amount"), lambda row: row.signed),
    tables.Column[LedgerEntry](_("Adds to the balance"), lambda row: row.adds),
    tables.Column[LedgerEntry](_("About row"), lambda row: row.about.number if row.about else None),
    tables.Column[LedgerEntry](_("Invoice"), lambda row: row.reference),
    tables.Column[LedgerEntry](_("Grounds"), lambda row: row.grounds),
    tables.Column[LedgerEntry](_("Case"), lambda row: row.case_id),
    tables.Column[LedgerEntry](_("Written by"), lambda row: name_of(row.by)),
    tables.Column[LedgerEntry](_("Hash"), lambda row: row.hash),
)


class LedgerFilter(forms.Form):
    """Which of the rows are listed."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])
    partner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Partner"), required=False, to_field_name="external_id",
        empty_label=_("All"),
    )  # fmt: skip


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """List the rows of the ledger that the person sees, the newest first; also as a file."""
    user = holder(request, Capability.SEE_CASES)
    asked = LedgerFilter(request.GET)
    seen = access.partners_for(user, Capability.SEE_CASES)
    asked.fields["partner"].queryset = seen  # type: ignore[attr-defined]
    asked.is_valid()
    found = access.ledger_for(user).order_by("-number")
    if asked.cleaned_data.get("kind"):
        found = found.filter(kind=asked.cleaned_data["kind"])
    if asked.cleaned_data.get("partner"):
        found = found.filter(partner=asked.cleaned_data["partner"])
    if file := tables.exported(request, "ledger", COLUMNS, found):
        return file
    sums = entries.balances(access.ledger_for(user))
    page = page_of(request, found.prefetch_related("followers", "about__followers"))
    context: dict[str, Any] = {
        "filter": asked,
        "page": page,
        "rows": [(row, _partner(row), *_left(row), _is_to_settle(row)) for row in page],
        "balances": [(one, sums[one.pk]) for one in seen if one.pk in sums],
        "credits": positions.may(user, Capability.DECIDE_SANCTIONS),
        "invoices": positions.may(user, Capability.INVOICE),
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/ledger.html", context)


def _left(row: LedgerEntry) -> tuple[Decimal | None, bool]:
    """Return what is left of a sanction, and whether it has been invoiced."""
    if row.kind != Kind.SANCTION:
        return None, False
    followers = list(row.followers.all())
    credited = sum((one.amount for one in followers if one.kind == Kind.CREDIT), Decimal(0))
    return row.amount - credited, any(one.kind == Kind.INVOICED for one in followers)


def _is_to_settle(row: LedgerEntry) -> bool:
    settled = any(one.kind == Kind.SETTLED for one in row.followers.all())
    return not settled and entries.is_to_settle(row)


class CreditForm(forms.Form):
    """How much is credited, and why."""

    amount = forms.DecimalField(
        label=_("Amount, euros"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2, localize=True
    )
    grounds = forms.CharField(label=_("Why"), max_length=4000)


@login_required
@require_POST
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Credit a sanction, mark it as invoiced, or a credit as settled on a later invoice."""
    user = person(request)
    if step not in _STEPS or not positions.may(user, Capability.DECIDE_SANCTIONS):
        raise NotAllowed(Capability.DECIDE_SANCTIONS)
    kind, act = _STEPS[step]
    row = get_object_or_404(access.ledger_for(user), number=number, kind=kind)
    try:
        act(row, user, request.POST)
    except (Refused, ValidationError) as error:
        say_refused(request, error)
    else:
        messages.success(request, str(_("The row was written into the ledger.")))
    return redirect("office:ledger")


def _credit(sanction: LedgerEntry, user: User, data: QueryDict) -> None:
    form = CreditForm(data)
    if not form.is_valid():
        raise ValidationError([f"{form[name].label}: {found[0]}" for name, found in form.errors.items()])
    entries.credit(sanction, by=user, **form.cleaned_data)


def _invoiced(sanction: LedgerEntry, user: User, data: QueryDict) -> None:
    entries.mark_invoiced(sanction, by=user, reference=data.get("reference", "")[:60])


def _settled(credit: LedgerEntry, user: User, data: QueryDict) -> None:
    entries.settle(credit, by=user, reference=data.get("reference", "")[:60])


_STEPS = {
    "credit": (Kind.SANCTION, _credit),
    "invoiced": (Kind.SANCTION, _invoiced),
    "settled": (Kind.CREDIT, _settled),
}
