"""Agreements: periods, terms, shares and bodies: read by those who signed, set by the project manager."""

import dataclasses
import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from orgs import access, clock, tables, terms, terms_in_words
from orgs import agreements as actions
from orgs.first_terms import first_terms
from orgs.models import Agreement, CostShare, Organisation, Seat
from orgs.models.dated import in_force
from orgs.pages.common import person
from orgs.roles import Body, Capability, SeatKind
from orgs.shares import share_from, votes_of

_SHARE = "share-"


class FractionField(forms.CharField):
    """An exact share: "1/3", "0.25" or "12,5 %"."""

    def to_python(self, value: Any) -> Any:
        """Return the fraction, None for an empty box."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return share_from(text)
        except ValueError:
            raise ValidationError(_("Write a share like 1/3, 0.25 or 12.5 %.")) from None


def _box(field: "dataclasses.Field[Any]") -> forms.Field:
    """Return the form field of a term."""
    meta = field.metadata
    common: dict[str, Any] = {"label": meta["label"], "required": True}
    if field.type is bool:
        return forms.BooleanField(**common | {"required": False})
    if field.type is int:
        return forms.IntegerField(min_value=meta["low"], max_value=meta["high"], **common)
    if field.type is Decimal:
        return forms.DecimalField(
            min_value=meta["low"], max_value=meta["high"], decimal_places=2, localize=True, **common
        )
    if field.type is Fraction:
        return FractionField(**common)
    return forms.TimeField(widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **common)


class AgreementForm(forms.ModelForm[Agreement]):
    """An agreement: its name and period, each term by its kind, and a share for each partner."""

    class Meta:
        model = Agreement
        fields = ("name", "starts_on", "ends_on", "decision", "decided_on")
        widgets = {
            "decided_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "starts_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, model: Agreement | None = None, **kwargs: Any) -> None:
        """`model` is the agreement whose numbers are offered as a start."""
        super().__init__(*args, **kwargs)
        for name in ("decision", "decided_on"):
            self.fields[name].required = True
        source = model or (self.instance if self.instance.pk else None)
        values = dataclasses.asdict(source.terms if source else first_terms())
        for field in terms.FIELDS:
            self.fields[field.name] = _box(field)
            self.initial[field.name] = values.get(field.name)
        shares = {share.partner_id: share.share for share in source.shares.all()} if source else {}
        self.partners = list(Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER))
        for partner in self.partners:
            name = f"{_SHARE}{partner.pk}"
            self.fields[name] = FractionField(label=str(partner), required=False)
            self.initial[name] = shares.get(partner.pk)

    def clean(self) -> dict[str, Any]:
        """Build the terms and check that the shares add up."""
        cleaned = super().clean() or {}
        values = {f.name: cleaned[f.name] for f in terms.FIELDS if cleaned.get(f.name) is not None}
        if len(values) == len(terms.FIELDS):
            plain = {name: terms.plain(value) for name, value in values.items()}
            try:
                self.instance.terms = terms.terms_from(plain)
            except ValidationError as error:
                self.add_error(None, error)
        if not any(name.startswith(_SHARE) for name in self.errors):
            try:
                actions.check_shares(self.shares())
            except ValidationError as error:
                # The sum is wrong of all of them; it is said at the first one.
                self.add_error(f"{_SHARE}{self.partners[0].pk}" if self.partners else None, error)
        return cleaned

    def _post_clean(self) -> None:
        """Check the row only when its terms are known; without them each wrong box says so already."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def shares(self) -> dict[Organisation, Fraction]:
        """Return the shares that were given."""
        given = {partner: self.cleaned_data.get(f"{_SHARE}{partner.pk}") for partner in self.partners}
        return {partner: share for partner, share in given.items() if share is not None}

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Return the boxes by part of the agreement, in order."""
        yield gettext("Period"), [self[name] for name in ("name", "starts_on", "ends_on")]
        yield gettext("Decision"), [self[name] for name in ("decision", "decided_on")]
        by_group: dict[str, list[forms.BoundField]] = {}
        for field in terms.FIELDS:
            by_group.setdefault(str(field.metadata["group"]), []).append(self[field.name])
        yield from by_group.items()
        yield gettext("Cost shares"), [self[f"{_SHARE}{partner.pk}"] for partner in self.partners]


_COLUMNS = (
    tables.Column[CostShare](_("Agreement"), lambda row: row.agreement),
    tables.Column[CostShare](_("First day"), lambda row: row.agreement.starts_on),
    tables.Column[CostShare](_("Last day"), lambda row: row.agreement.ends_on),
    tables.Column[CostShare](_("Partner"), lambda row: row.partner),
    tables.Column[CostShare](_("Share"), lambda row: row.share),
)


@login_required
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements with their shares."""
    access.require(request.user, Capability.READ_AGREEMENT)
    shares = CostShare.objects.select_related("agreement", "partner").order_by(
        "-agreement__starts_on", "partner"
    )
    if file := tables.exported(request, "cost-shares", _COLUMNS, shares):
        return file
    context = {
        "agreements": Agreement.objects.prefetch_related("shares__partner"),
        "today": clock.today(),
        "may_change": access.may(request.user, Capability.SET_TERMS),
    }
    return render(request, "orgs/agreements.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add the next agreement, starting from the numbers of the one before."""
    access.require(request.user, Capability.SET_TERMS)
    before = Agreement.objects.first()
    instance = Agreement()
    if before is not None:
        instance.starts_on = before.ends_on + datetime.timedelta(days=1)
    form = AgreementForm(request.POST or None, instance=instance, model=before)
    return _answer(request, form)


@login_required
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """Show an agreement in words: its period, what it says, the partners' shares and votes."""
    access.require(request.user, Capability.READ_AGREEMENT)
    found = get_object_or_404(Agreement.objects.prefetch_related("shares__partner"), pk=number)
    rows = sorted(found.shares.all(), key=lambda row: str(row.partner))
    votes, needed = votes_of({row.pk: row.share for row in rows}, found.terms.majority)
    context = {
        "agreement": found,
        "sections": terms_in_words.sections(found.terms),
        "bodies": _bodies(found),
        "shares": [(row.partner, row.share, votes[row.pk]) for row in rows],
        "total": sum((row.share for row in rows), Fraction(0)),
        "votes": sum(votes.values()),
        "needed": needed,
        "in_force": found.starts_on <= clock.today() <= found.ends_on,
        "may_change": access.may(request.user, Capability.SET_TERMS),
    }
    return render(request, "orgs/agreement.html", context)


def _bodies(found: Agreement) -> list[tuple[str, list[Seat]]]:
    """Return the seats of both bodies today, or on the nearest day of an agreement of another time."""
    day = min(max(clock.today(), found.starts_on), found.ends_on)
    seats = Seat.objects.filter(in_force(day)).select_related("user", "organisation")
    in_order = sorted(seats, key=lambda seat: (str(seat.organisation), seat.kind != SeatKind.MEMBER))
    return [(str(body.label), [seat for seat in in_order if seat.body == body]) for body in Body]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change an agreement."""
    access.require(request.user, Capability.SET_TERMS)
    found = get_object_or_404(Agreement, pk=number)
    return _answer(request, AgreementForm(request.POST or None, instance=found))


def _saved(request: HttpRequest, form: AgreementForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.save(form.instance, form.shares(), by=person(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _answer(request: HttpRequest, form: AgreementForm) -> HttpResponse:
    if request.method == "POST" and _saved(request, form):
        messages.success(request, gettext("The agreement has been saved."))
        return redirect("orgs:agreement", form.instance.pk)
    context = {
        "form": form,
        "name": form.initial.get("name") or "",
        "in_force": form.instance.pk and form.instance.starts_on <= clock.today(),
    }
    return render(request, "orgs/agreement_form.html", context, status=422 if form.errors else 200)
