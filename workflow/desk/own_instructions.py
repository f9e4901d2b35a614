"""A municipality's own instructions: the list of services for who writes them, whoever answers for them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgs import access as positions
from orgs.access import NotAllowed
from orgs.localised import page_language
from orgs.models import Municipality, User
from orgs.navigation import Link
from orgs.pages.common import page_of, person
from orgs.roles import Capability, organisations_of
from services.access import municipalities_written_by
from services.models import Service, ServiceVersion
from services.names import in_alphabet, named_like
from services.tracks import Track
from workflow.desk.common import shown_name
from workflow.desk.sections import MUNICIPAL, section_address
from workflow.models import Run
from workflow.states import OPEN


def of_own_areas(user: User) -> "QuerySet[Municipality, Municipality]":
    """Return the municipalities of the partners for whom a person writes; none for who writes all."""
    if organisations_of(Capability.WRITE_MUNICIPAL, positions.positions(user)) is None:
        return Municipality.objects.none()
    return municipalities_written_by(user)


def page_links(user: User, external_id: str) -> Iterator[Link]:
    """Return the ways from a service's pages to one's own municipalities' instructions of it."""
    for municipality in of_own_areas(user):
        key = f"{MUNICIPAL}{municipality.code}"
        words = _("Own instructions: %(municipality)s") % {"municipality": municipality}
        yield Link(words, reverse("desk:edit", args=[external_id, key]))


class OwnFilter(forms.Form):
    """Which municipality's instructions, of which services."""

    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"), queryset=Municipality.objects.none(), empty_label=None
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Own instructions"),
        required=False,
        choices=[
            ("", gettext_lazy("All services")),
            ("own", gettext_lazy("Published")),
            ("draft", gettext_lazy("Draft")),
            ("none", gettext_lazy("None")),
        ],
    )
    words = forms.CharField(label=gettext_lazy("Name has"), required=False, max_length=100)

    def __init__(self, municipalities: "QuerySet[Municipality, Municipality]", data: Any) -> None:
        super().__init__(data)
        box = self.fields["municipality"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = municipalities


def services_with(municipality: Municipality) -> "QuerySet[Any, Any]":
    """Return the published services, with whether the municipality has instructions or a draft of its own."""
    newest = ServiceVersion.objects.filter(service=OuterRef("pk"), number=OuterRef("version_number"))
    said = newest.filter(internal_document__municipal__has_key=municipality.code)
    begun = Run.objects.filter(
        service=OuterRef("pk"), track=Track.MUNICIPAL, municipality=municipality, state__in=OPEN
    )
    published = Service.objects.filter(status=Service.Status.PUBLISHED)
    return published.annotate(has_own=Exists(said), has_draft=Exists(begun))


@login_required
@require_safe
def own_instructions(request: HttpRequest) -> HttpResponse:
    """List the services with one's own municipality's instructions of them."""
    user = person(request)
    if not positions.holds(user, Capability.WRITE_MUNICIPAL):
        raise NotAllowed(Capability.WRITE_MUNICIPAL)
    municipalities = municipalities_written_by(user).order_by("code")
    first = municipalities.first()
    data = request.GET.copy()
    data.setdefault("municipality", str(first.pk) if first else "")
    asked = OwnFilter(municipalities, data)
    asked.is_valid()
    given = asked.cleaned_data
    municipality = given.get("municipality") or first
    found: QuerySet[Any, Any] = services_with(municipality) if municipality else Service.objects.none()
    match given.get("state"):
        case "own":
            found = found.filter(has_own=True)
        case "draft":
            found = found.filter(has_draft=True)
        case "none":
            found = found.filter(has_own=False, has_draft=False)
    if words := given.get("words"):
        found = found.filter(named_like("", words))
    found = found.select_related("responsible_partner")
    page = page_of(request, found.order_by(in_alphabet(page_language()), "pk"))
    key = f"{MUNICIPAL}{municipality.code if municipality else ''}"
    context = {
        "filter": asked,
        "municipality": municipality,
        "page": page,
        "rows": [(one, shown_name(one), section_address(one, key)) for one in page],
    }
    return render(request, "workflow/own_instructions.html", context)
