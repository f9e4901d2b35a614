"""The forms of agreements: name and period, and what holds from a day on."""

import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs import agreements, terms
from orgs.first_terms import first_terms
from orgs.models import AgreedTerms, Agreement, Organisation
from orgs.shares import share_from

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


def _dates(*names: str) -> dict[str, forms.Widget]:
    return {name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in names}


class PeriodForm(forms.ModelForm[Agreement]):
    """An agreement's name and period; where it is there already, also the decision on them."""

    class Meta:
        model = Agreement
        fields = ("name", "starts_on", "ends_on", "decision", "decided_on")
        widgets = _dates("starts_on", "ends_on", "decided_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("decision", "decided_on"):
            if self.instance.pk:
                self.fields[name].required = True
            else:
                del self.fields[name]


class TermsForm(forms.ModelForm[AgreedTerms]):
    """What holds from a day on: the decision, each term by its kind, and a share for each partner."""

    class Meta:
        model = AgreedTerms
        fields = ("starts_on", "decision", "decided_on")
        widgets = _dates("starts_on", "decided_on")

    def __init__(self, *args: Any, model: AgreedTerms | None = None, day: bool = True, **kwargs: Any) -> None:
        """`model` has the numbers that are offered as a start; `day` asks from which day on they hold."""
        super().__init__(*args, **kwargs)
        if not day:
            del self.fields["starts_on"]
        for name in ("decision", "decided_on"):
            self.fields[name].required = True
        values = dataclasses.asdict(model.terms if model else first_terms())
        for field in terms.FIELDS:
            self.fields[field.name] = _box(field)
            self.initial[field.name] = values[field.name]
        shares = model.by_partner() if model else {}
        self.partners = list(Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER))
        self.partners += [partner for partner in shares if partner not in self.partners]
        for partner in self.partners:
            name = f"{_SHARE}{partner.pk}"
            self.fields[name] = FractionField(label=str(partner), required=False)
            self.initial[name] = shares.get(partner)

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
                agreements.check_shares(self.shares())
            except ValidationError as error:
                # The sum is wrong of all of them; it is said at the first one.
                self.add_error(f"{_SHARE}{self.partners[0].pk}" if self.partners else None, error)
        return cleaned

    def _post_clean(self) -> None:
        """Check the row only when its terms are known; without them each wrong box says so already."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def shares(self) -> Mapping[Organisation, Fraction]:
        """Return the shares that were given."""
        given = {partner: self.cleaned_data.get(f"{_SHARE}{partner.pk}") for partner in self.partners}
        return {partner: share for partner, share in given.items() if share is not None}

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Return the boxes by part of the agreement, in order."""
        yield gettext("Decision"), [self[name] for name in self.Meta.fields if name in self.fields]
        by_group: dict[str, list[forms.BoundField]] = {}
        for field in terms.FIELDS:
            by_group.setdefault(str(field.metadata["group"]), []).append(self[field.name])
        yield from by_group.items()
        yield gettext("Cost shares"), [self[f"{_SHARE}{partner.pk}"] for partner in self.partners]
