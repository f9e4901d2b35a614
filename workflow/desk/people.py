"""Who keeps a service up to date: its two updaters, and those to whom it is delegated for a time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from orgs import access as positions
from orgs import clock
from orgs.models import Membership, Organisation, User
from orgs.models.dated import in_force
from orgs.pages.action_form import day_field
from orgs.pages.common import person
from orgs.roles import Capability
from services import access, parties
from services.models import Service
from workflow import pairs
from workflow.desk.common import refusal, service_of, shown_name
from workflow.models import Updater


class UpdaterForm(forms.Form):
    """Who is a half of the pair from today on."""

    def __init__(self, service: Service, half: Updater.Half, data: Any = None) -> None:
        super().__init__(data, prefix=half.value)
        self.service, self.half = service, half
        self.current = pairs.current(service, half)
        organisations = pairs.organisations_of_half(service, half)
        able = {one.pk: one for org in organisations for one in pairs.candidates(org)}
        self.fields["user"] = forms.TypedChoiceField(
            label=half.label,
            coerce=lambda number: able[int(number)],
            choices=[("", gettext("Not chosen")), *[(pk, one.get_full_name()) for pk, one in able.items()]],
            initial=self.current.user_id if self.current else "",
        )

    def save(self, by: User) -> None:
        """Name the one who was chosen."""
        pairs.name_updater(self.service, self.half, self.cleaned_data["user"], by=by)


class DelegationForm(forms.Form):
    """To whom the service is delegated, until when, and whether with its instructions."""

    to = forms.EmailField(
        label=_("To whom, by e-mail address"),
        help_text=_("Someone of your own organisation, or of one that the service is of."),
    )
    until = day_field(label=_("Until, that day included"), required=True)
    internal = forms.BooleanField(label=_("The instructions, too"), required=False)

    def __init__(self, service: Service, by: User, data: Any = None) -> None:
        super().__init__(data, prefix="delegation")
        self.service, self.by = service, by
        if not access.may_delegate(by, service, internal=True):
            del self.fields["internal"]

    def clean_to(self) -> User:
        """Find the person: nobody is shown whom one might name, so that no list of people is read here."""
        found = _colleagues(self.service, self.by).filter(email__iexact=self.cleaned_data["to"]).first()
        if found is None:
            raise ValidationError(
                _("Nobody whom you may choose has this address. Check it, or ask the person's main user.")
            )
        return found


def _colleagues(service: Service, by: User) -> "QuerySet[User, User]":
    """Return the people of the delegator's own organisations, and of those that the service is of."""
    own = {one.organisation for one in positions.positions(by)}
    of = {number for numbers in parties.relations(service).values() for number in numbers}
    organisations = Organisation.objects.open().filter(pk__in=own | of)
    held = Membership.objects.filter(in_force(clock.today()), organisation__in=organisations)
    people = User.objects.filter(memberships__in=held, is_active=True).exclude(pk=by.pk)
    return people.distinct()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, external_id: str) -> HttpResponse:
    """Show the pair and the delegations; name an updater, or delegate the service."""
    user, service = person(request), service_of(external_id)
    halves = [half for half in Updater.Half if pairs.may_name(user, service, half)]
    delegates = access.may_delegate(user, service, internal=False)
    if not halves and not delegates:
        raise refusal(service, Capability.NAME_UPDATERS)
    data = request.POST if request.method == "POST" else None
    what = request.POST.get("what", "")
    named = {half: UpdaterForm(service, half, data if what == half.value else None) for half in halves}
    delegation = DelegationForm(service, user, data if what == "delegation" else None) if delegates else None
    if data is not None and _done(named, delegation, what, service, user):
        messages.success(request, gettext("Saved."))
        return redirect("desk:people", external_id)
    context = {
        "service": service,
        "name": shown_name(service),
        "forms": list(named.values()),
        "delegation": delegation,
        "delegations": access.delegations_of(service),
    }
    return render(request, "workflow/people.html", context, status=422 if data is not None else 200)


def _done(
    named: dict[Updater.Half, UpdaterForm],
    delegation: DelegationForm | None,
    what: str,
    service: Service,
    user: User,
) -> bool:
    """Do what was asked for; False where it was refused, with the reasons in its form."""
    form = next((one for one in named.values() if one.prefix == what), None)
    if form is not None:
        if not form.is_valid():
            return False
        form.save(user)
        return True
    if delegation is None or not delegation.is_valid():
        return False
    given = delegation.cleaned_data
    try:
        access.delegate(
            service, given["to"], by=user, until=given["until"], internal=given.get("internal", False)
        )
    except ValidationError as error:
        delegation.add_error("until", error)
    return not delegation.errors


@login_required
@require_POST
def end_delegation(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Take a delegation back."""
    user, service = person(request), service_of(external_id)
    if not access.may_delegate(user, service, internal=False):
        raise refusal(service, Capability.NAME_UPDATERS)
    to = get_object_or_404(User, pk=number)
    access.end_delegation(service, to, by=user)
    messages.success(request, gettext("The delegation has ended."))
    return redirect("desk:people", external_id)
