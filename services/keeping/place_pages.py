"""Places: those that one keeps, and one of them with the services that name it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, tables
from orgs.alphabet import alphabetical
from orgs.localised import here
from orgs.models import User
from orgs.pages.common import holder, page_of, say_refused
from orgs.roles import Capability
from orgs.texts_form import TextsFormField
from services.keeping import places as actions
from services.keeping import uses
from services.keeping.tabs import tabs_of
from services.keeping.users import users_of
from services.models import Place, Term
from services.models.vocabulary import Vocabulary


class PlaceForm(forms.ModelForm[Place]):
    """A place: its name and address, how to get there, what its premises are like, who keeps it."""

    street = TextsFormField(label=_("Street address"), required=False, one_line=True)
    postal_code = forms.CharField(
        label=_("Postal code"),
        validators=[RegexValidator(r"^\d{5}$", _("Write five digits, for example 00100."))],
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    accessibility = forms.ModelMultipleChoiceField(
        label=_("Accessibility of premises"),
        queryset=Term.objects.filter(vocabulary=Vocabulary.PREMISES_ACCESSIBILITY),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Place
        fields = ("name", "street", "postal_code", "city", "municipality", "info", "accessibility", "owner")
        labels = {
            "name": _("Name"),
            "city": _("Town"),
            "municipality": _("Municipality"),
            "info": _("How to get there"),
            "owner": _("Maintained by"),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality, owner = self.fields["municipality"], self.fields["owner"]
        assert isinstance(municipality, forms.ModelChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        municipality.empty_label = gettext("No municipality")
        owner.queryset = actions.keepers_for(by)
        if access.may(by, Capability.MANAGE_PLACES):
            owner.empty_label = gettext("The partner of the municipality")
        else:
            owner.required, owner.empty_label = True, None


_COLUMNS = (
    tables.Column[Place](_("Name"), str),
    tables.Column[Place](_("Street address"), lambda row: here(row.street)),
    tables.Column[Place](_("Postal code"), lambda row: row.postal_code),
    tables.Column[Place](_("Town"), lambda row: here(row.city)),
    tables.Column[Place](_("Municipality"), lambda row: row.municipality),
    tables.Column[Place](_("Maintained by"), lambda row: row.owner),
)


@login_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """List the places that one keeps, with how many services name each."""
    by = holder(request, Capability.MANAGE_PLACES)
    q = request.GET.get("q", "")
    found = [row for row in actions.kept_by(by) if q.strip().casefold() in _text(row)]
    rows = sorted(found, key=lambda row: alphabetical(str(row)))
    if file := tables.exported(request, "places", _COLUMNS, rows):
        return file
    page, used = page_of(request, rows), uses.of(uses.PLACES)
    lines = [(row, used.get(row.external_id, uses.Uses())) for row in page]
    context = {
        "page": page,
        "lines": lines,
        "q": q,
        "query": f"{urlencode({'q': q})}&",
        "tabs": tabs_of(by),
    }
    return render(request, "services/keeping/places.html", context)


def _text(row: Place) -> str:
    texts = (*row.name.values(), *row.street.values(), *row.city.values(), row.postal_code)
    return " ".join(texts).casefold()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, external_id: str = "") -> HttpResponse:
    """Add a place, or change one; show the services that name it and whether it can be removed."""
    by = holder(request, Capability.MANAGE_PLACES)
    kept = actions.kept_by(by)
    one = get_object_or_404(kept, external_id=external_id) if external_id else Place(owner=_first_keeper(by))
    called = here(one.name or {})
    form = PlaceForm(request.POST or None, instance=one, by=by)
    if request.method == "POST" and _saved(form, by):
        messages.success(
            request, gettext("%(place)s has been saved. Pages follow within a minute.") % {"place": one}
        )
        return redirect("keeping:places")
    context: dict[str, Any] = {"form": form, "called": called}
    if external_id:
        used = uses.of(uses.PLACES).get(external_id, uses.Uses())
        context |= {"place": one, "users": users_of(used), "removable": not used}
    return render(request, "services/keeping/place.html", context, status=422 if form.errors else 200)


def _first_keeper(by: User) -> Any:
    """Return the keeper that a new place is offered: one's own organisation, for those who have one."""
    return None if access.may(by, Capability.MANAGE_PLACES) else actions.keepers_for(by).first()


def _saved(form: PlaceForm, by: User) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.save(form.instance, form.cleaned_data["accessibility"], by=by)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@login_required
@require_POST
def remove(request: HttpRequest, external_id: str) -> HttpResponse:
    """Take a place away that nothing names."""
    by = holder(request, Capability.MANAGE_PLACES)
    one = get_object_or_404(actions.kept_by(by), external_id=external_id)
    try:
        actions.remove(one, by=by)
    except ValidationError as error:
        say_refused(request, error)
        return redirect("keeping:place", external_id)
    messages.success(request, gettext("%(place)s has been removed.") % {"place": one})
    return redirect("keeping:places")
