"""The list of cases, and opening one by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from orgs import access as positions
from orgs import clock, tables
from orgs.alphabet import by_alphabet
from orgs.localised import page_language
from orgs.models import Organisation, User
from orgs.pages.action_form import add_refusal, day_field
from orgs.pages.common import holder, page_of, person
from orgs.roles import Capability, Role
from sanctions import access, grounds, neglected_content
from sanctions.actions import opening
from sanctions.actions.opening import Raised
from sanctions.models import Case
from sanctions.office.common import tabs_of
from sanctions.proceeding import Ground
from services.models import Service
from services.names import name_of

_MENTIONS = 3  # rows of the form


def what_of(case: Case) -> str:
    """Return what the case is about, in the language of the page."""
    return grounds.what_of(case, page_language())


COLUMNS = (
    tables.Column[Case](_("Case number"), lambda case: case.pk),
    tables.Column[Case](_("Partner"), lambda case: case.partner),
    tables.Column[Case](_("Case"), what_of),
    tables.Column[Case](_("Ground"), lambda case: case.get_ground_display()),
    tables.Column[Case](_("Breach from"), lambda case: case.ground_on),
    tables.Column[Case](_("State"), lambda case: case.get_state_display()),
    tables.Column[Case](_("Next step"), lambda case: case.get_next_stage_display()),
    tables.Column[Case](_("Next step on"), lambda case: case.next_on),
    tables.Column[Case](_("Proposed"), lambda case: case.proposed_on),
    tables.Column[Case](_("Closed"), lambda case: case.closed_on),
)


class CaseFilter(forms.Form):
    """Which of the cases are listed."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("proposed", _("Waiting for a decision")), *Case.State.choices],
    )
    partner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Partner"), required=False, to_field_name="external_id",
        empty_label=_("All"),
    )  # fmt: skip


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that the person sees, open ones first; also as a file."""
    user = holder(request, Capability.SEE_CASES)
    asked = CaseFilter(request.GET)
    asked.fields["partner"].queryset = access.partners_for(user, Capability.SEE_CASES)  # type: ignore[attr-defined]
    asked.is_valid()
    found = _filtered(access.cases_for(user), asked.cleaned_data)
    found = found.order_by(F("closed_on").desc(nulls_first=True), "next_on", "pk")
    if file := tables.exported(request, "cases", COLUMNS, found):
        return file
    page = page_of(request, found)
    context: dict[str, Any] = {
        "filter": asked,
        "page": page,
        "rows": [(case, what_of(case)) for case in page],
        "decides": positions.may(user, Capability.DECIDE_SANCTIONS),
        "tabs": tabs_of(user),
    }
    return render(request, "sanctions/cases.html", context)


def _filtered(found: "QuerySet[Case, Case]", asked: dict[str, Any]) -> "QuerySet[Case, Case]":
    if asked.get("state") == "proposed":
        found = found.filter(proposed_on__isnull=False)
    elif asked.get("state"):
        found = found.filter(state=asked["state"])
    if asked.get("partner"):
        found = found.filter(partner=asked["partner"])
    return found


class PartnerForm(forms.Form):
    """Whose breach it is: what the form asks next depends on it."""

    partner = forms.ModelChoiceField(
        Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER),
        label=_("Partner"),
        to_field_name="external_id",
    )


class NewCaseForm(forms.Form):
    """A recurring error or repeated neglect, and the mentions made before."""

    ground = forms.ChoiceField(
        label=_("Ground"), choices=[(one.value, one.label) for one in (Ground.ERROR, Ground.NEGLECT)]
    )
    ground_on = day_field(label=_("Found again on"))
    service = forms.ChoiceField(label=_("Service"), required=False)
    text = forms.CharField(
        label=_("What is wrong, and how it affects guidance"),
        widget=forms.Textarea({"rows": 4}), max_length=4000, required=False,
    )  # fmt: skip

    def __init__(self, partner: Organisation, data: Any = None, *, ground: str = "") -> None:
        """Ask about a partner's breach; of content that seems neglected the text says of which."""
        initial: dict[str, Any] = {"ground_on": clock.today(), "ground": ground}
        if ground == Ground.NEGLECT:
            initial["text"] = next(
                (one.text for one in neglected_content.suggestions() if one.partner == partner), ""
            )
        super().__init__(data, initial=initial)
        language = page_language()
        services = Service.objects.filter(responsible_partner=partner).exclude(status=Service.Status.ARCHIVED)
        named = sorted((name_of(one, language), one.external_id) for one in services)
        chooser = self.fields["service"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", _("No single service")), *((key, name) for name, key in named)]
        people = User.objects.filter(
            Q(memberships__organisation=partner, memberships__role=Role.MAIN_USER)
            | Q(seats__organisation=partner)
        ).annotate(place=by_alphabet(F("full_name")))
        for number in range(_MENTIONS):
            self.fields[f"on_{number}"] = day_field(label=_("Raised on"))
            self.fields[f"to_{number}"] = forms.ModelChoiceField(
                people.distinct().order_by("place", "pk"),
                label=_("With whom"),
                required=False,
                empty_label=_("Not chosen"),
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("What was said"), max_length=500, required=False
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Return the boxes of each mention."""
        return [(self[f"on_{n}"], self[f"to_{n}"], self[f"text_{n}"]) for n in range(_MENTIONS)]

    def mentions(self) -> list[Raised]:
        """Return the mentions that were written; raises ValidationError for one that was begun only."""
        found = []
        given = self.cleaned_data
        for number in range(_MENTIONS):
            on, to, text = given[f"on_{number}"], given[f"to_{number}"], given[f"text_{number}"].strip()
            if not (on or to or text):
                continue
            if not (on and to and text):
                raise ValidationError({f"on_{number}": _("Give the day, the person and what was said.")})
            found.append(Raised(on, to, text))
        return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a case by hand: the partner first, then what happened."""
    user = person(request)
    positions.require(user, Capability.DECIDE_SANCTIONS)
    chosen = PartnerForm(request.GET if "partner" in request.GET else None)
    context: dict[str, Any] = {"chosen": chosen, "tabs": tabs_of(user)}
    if not chosen.is_valid():
        return render(request, "sanctions/new_case.html", context)
    partner: Organisation = chosen.cleaned_data["partner"]
    form = NewCaseForm(partner, request.POST or None, ground=request.GET.get("ground", ""))
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(partner, form, user)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The case was opened."))
            return redirect("office:case", made.pk)
    context |= {"partner": partner, "form": form}
    return render(request, "sanctions/new_case.html", context, status=422 if form.errors else 200)


def _made(partner: Organisation, form: NewCaseForm, user: User) -> Case:
    given = form.cleaned_data
    service = Service.objects.filter(external_id=given["service"]).first() if given["service"] else None
    return opening.by_hand(
        partner,
        Ground(given["ground"]),
        by=user,
        ground_on=given["ground_on"] or clock.today(),
        text=given["text"],
        mentions=form.mentions(),
        service=service,
    )
