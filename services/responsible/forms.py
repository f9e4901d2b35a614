"""The form of a transfer: to whom, why, from which day on."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgs import clock
from orgs.models import Organisation
from orgs.pages.action_form import day_field
from services.models import Service
from services.models.transfer import Basis
from services.transfer_effects import Plan


class TransferForm(forms.Form):
    """Who becomes responsible, on which basis and decision, and from which day on."""

    partner = forms.ModelChoiceField(
        Organisation.objects.partners(), label=_("New responsible partner"), to_field_name="external_id"
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=[("", "–"), *Basis.choices])
    starts_on = day_field(
        label=_("From"),
        required=True,
        help_text=_("A day that is over moves what fell on it since: cases follow, as the preview tells."),
    )
    decision = forms.CharField(
        label=_("Decision"),
        max_length=500,
        help_text=_("As found in the minutes: who decided it, when and where."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})

    def plan(self, services: Sequence[Service]) -> Plan:
        """Return what the form says for some services."""
        given = self.cleaned_data
        return Plan(services, given["partner"], given["basis"], given["starts_on"], given["decision"].strip())


def seal_of(plan: Plan) -> str:
    """Return what tells this plan from any other: a page that showed another moves nothing."""
    told = [plan.numbers, plan.partner.pk, plan.basis, plan.starts_on.isoformat(), plan.decision]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
