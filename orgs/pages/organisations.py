"""Organisations: the list, one's page with its area, providers and staffing, adding, changing, closing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from orgs import access, clock, tables
from orgs import organisations as actions
from orgs.alphabet import by_alphabet
from orgs.models import Membership, Municipality, NoAgreement, Organisation, terms_on
from orgs.models.dated import in_force
from orgs.pages.common import managed_organisation, person, say_refused
from orgs.roles import Capability
from orgs.staffing import Post, staffing_of

# What is asked of other kinds of organisations alone.
_OF_OTHERS = {
    Organisation.Kind.PARTNER: ["partners"],
    Organisation.Kind.PROVIDER: ["municipalities", "letter_language", "data_protection"],
    Organisation.Kind.PROJECT: ["partners", "municipalities", "letter_language", "data_protection"],
}


class OrganisationForm(forms.ModelForm[Organisation]):
    """An organisation with its area or its partners. The kind and the identifier stay as they were made."""

    municipalities = forms.ModelMultipleChoiceField(
        label=_("Area"),
        help_text=_("Only for a partner: the municipalities of its employment area."),
        queryset=Municipality.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners = forms.ModelMultipleChoiceField(
        label=_("Partners"),
        help_text=_("Only for a provider: the partners that it works with."),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Organisation
        fields = (
            *("kind", "external_id", "name", "business_id", "letter_language", "description", "website"),
            *("email", "phone", "data_protection"),
            *("decision", "decided_on"),
        )
        widgets = {"decided_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "external_id": _("A short name for addresses and files: small letters, digits and hyphens."),
            "decision": _("Only for a new partner: the steering group admits it. As found in the minutes."),
            "business_id": _("Seven digits, a hyphen and a check digit, like 0201256-6."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter_language"].required = False
        partners, area = self.fields["partners"], self.fields["municipalities"]
        assert isinstance(partners, forms.ModelMultipleChoiceField)
        partners.queryset = Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER)
        if self.instance.pk:
            for name in ("kind", "external_id", "decision", "decided_on"):
                del self.fields[name]
            partners.initial = self.instance.partners.all()
            area.initial = self.instance.municipalities.all()
            for name in _OF_OTHERS[Organisation.Kind(self.instance.kind)]:
                del self.fields[name]
        else:
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kinds = Organisation.Kind
            kind.choices = [(one.value, one.label) for one in (kinds.PROVIDER, kinds.PARTNER)]


def _people_count(row: Organisation) -> int:
    return int(getattr(row, "people"))  # noqa: B009  annotated


_COLUMNS = (
    tables.Column[Organisation](_("Name"), str),
    tables.Column[Organisation](_("Kind"), lambda row: row.get_kind_display()),
    tables.Column[Organisation](_("Identifier"), lambda row: row.external_id),
    tables.Column[Organisation](_("Business id"), lambda row: row.business_id),
    tables.Column[Organisation](_("Area"), lambda row: ", ".join(map(str, row.municipalities.all()))),
    tables.Column[Organisation](_("Partners"), lambda row: ", ".join(map(str, row.partners.all()))),
    tables.Column[Organisation](_("People"), _people_count),
    tables.Column[Organisation](_("Closed"), lambda row: row.closed_on),
)
_PROVIDER_COLUMNS = _COLUMNS[:4]


@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """List every organisation with its people and what its staffing lacks."""
    access.require(request.user, Capability.MANAGE_PEOPLE)
    rows = _counted(Organisation.objects.all())
    words = request.GET.get("q", "").strip().lower()
    found = [row for row in rows if words in f"{' '.join(row.name.values())} {row.external_id}".lower()]
    kind = request.GET.get("kind", "")
    if kind in Organisation.Kind.values:
        found = [row for row in found if row.kind == kind]
    if file := tables.exported(request, "organisations", _COLUMNS, found):
        return file
    posts = _posts(found)
    lines = [
        {
            "organisation": row,
            "people": _people_count(row),
            "missing": sum(p.missing for p in posts.get(row.pk, ())),
        }
        for row in sorted(found, key=lambda row: (row.closed_on is not None, row.kind, str(row).lower()))
    ]
    context = {
        "lines": lines,
        "words": request.GET.get("q", ""),
        "kind": kind,
        "kinds": Organisation.Kind.choices,
        "may_add": access.may(request.user, Capability.MANAGE_ORGANISATIONS),
    }
    return render(request, "orgs/organisations.html", context)


def _counted(rows: Any) -> Any:
    current = Membership.objects.filter(in_force(clock.today())).values("pk")
    people = Count("memberships__user", filter=Q(memberships__in=current), distinct=True)
    return rows.annotate(people=people).prefetch_related("municipalities", Prefetch("partners"))


def _posts(rows: Iterable[Organisation]) -> dict[int, list[Post]]:
    try:
        return staffing_of([row for row in rows if row.closed_on is None], terms_on(clock.today()))
    except NoAgreement:
        return {}


@login_required
@require_safe
def organisation(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show one organisation: its details, area, providers and staffing."""
    found = managed_organisation(request, external_id)
    providers = _counted(found.providers.order_by(by_alphabet(KT("name__fi")), "pk"))
    if file := tables.exported(request, "providers", _PROVIDER_COLUMNS, providers, of=external_id):
        return file
    context = {
        "organisation": found,
        "section": "organisation",
        "posts": _posts([found]).get(found.pk, []),
        "area": found.municipalities.all(),
        "providers": providers,
        "partners": found.partners.all(),
        "may_change": access.may(request.user, Capability.MANAGE_ORGANISATIONS),
        "manages_all": access.may(request.user, Capability.MANAGE_PEOPLE),
    }
    return render(request, "orgs/organisation.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a partner or a provider; its first main user is invited next."""
    access.require(request.user, Capability.MANAGE_ORGANISATIONS)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and _saved(request, form):
        messages.success(
            request,
            gettext("%(organisation)s has been added. Invite its first main user.")
            % {"organisation": form.instance},
        )
        return redirect("orgs:invite", form.instance.external_id)
    context = {"form": form}
    return render(request, "orgs/organisation_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, external_id: str) -> HttpResponse:
    """Change an organisation's details, area or partners."""
    access.require(request.user, Capability.MANAGE_ORGANISATIONS)
    found = get_object_or_404(Organisation.objects.open(), external_id=external_id)
    form = OrganisationForm(request.POST or None, instance=found)
    if request.method == "POST" and _saved(request, form):
        messages.success(request, gettext("The details of %(name)s have been saved.") % {"name": found})
        return redirect("orgs:organisation", external_id)
    # The form has written what was typed into `found`; the headings tell what is stored.
    context = {"form": form, "organisation": Organisation.objects.get(pk=found.pk)}
    return render(request, "orgs/organisation_form.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: OrganisationForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.save(
            form.instance,
            municipalities=form.cleaned_data.get("municipalities", ()),
            partners=form.cleaned_data.get("partners", ()),
            by=person(request),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show what closing would do and what stands in its way, and close."""
    access.require(request.user, Capability.MANAGE_ORGANISATIONS)
    found = get_object_or_404(Organisation.objects.open(), external_id=external_id)
    if request.method == "POST":
        try:
            actions.close(found, by=person(request))
        except ValidationError as error:
            say_refused(request, error)
        else:
            messages.success(request, gettext("%(name)s has been closed.") % {"name": found})
            return redirect("orgs:organisations")
    current = Membership.objects.filter(in_force(clock.today()), organisation=found)
    context = {
        "organisation": found,
        "obstacles": actions.obstacles(found),
        "people": current.values("user").distinct().count(),
        "is_project": found.kind == Organisation.Kind.PROJECT,
    }
    return render(request, "orgs/organisation_close.html", context)
