"""The people of an organisation: who they are, what they may do, and their leaving."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, clock, duties, people, sign_in, tables, user_log
from orgs.alphabet import by_alphabet
from orgs.models import Invitation, Membership, NoAgreement, Organisation, Seat, User, terms_on
from orgs.models.dated import in_force
from orgs.pages.common import managed_organisation, member_of, offer_roles, person, say_refused
from orgs.people import DutiesRemain
from orgs.roles import Body, Holder, Position, Role, SeatKind, changes_things
from orgs.staffing import Post, staffing_of


@dataclass(frozen=True)
class Line:
    """A person of the organisation, as the list shows one."""

    user: User
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    factor: bool
    factor_needed: bool


def lines_of(organisation: Organisation) -> list[Line]:
    """Return everyone who has a role in the organisation today, in four queries."""
    today = clock.today()
    roles: dict[int, list[Role]] = {}
    users: dict[int, User] = {}
    current = Membership.objects.filter(in_force(today), organisation=organisation)
    for membership in current.select_related("user").order_by(by_alphabet(F("user__full_name")), "role"):
        users[membership.user_id] = membership.user
        roles.setdefault(membership.user_id, []).append(Role(membership.role))
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(in_force(today), organisation=organisation, user__in=users):
        seats.setdefault(seat.user_id, []).append(seat)
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    with_factor = set(
        Authenticator.objects.filter(user__in=users, type__in=kinds).values_list("user", flat=True)
    )
    with_factor |= set(SocialAccount.objects.filter(user__in=users).values_list("user", flat=True))
    changing = access.changing_single_things(users)
    return [
        Line(
            user,
            tuple(str(role.label) for role in roles[number]),
            tuple(seat.title for seat in seats.get(number, ())),
            number in with_factor,
            number in changing
            or changes_things(
                [Position(Holder(organisation.kind, role), organisation.pk) for role in roles[number]]
                + [Position(Holder(s.body, s.kind), organisation.pk) for s in seats.get(number, ())]
            ),
        )
        for number, user in users.items()
    ]


_COLUMNS = (
    tables.Column[Line](_("Name"), lambda line: line.user.full_name),
    tables.Column[Line](_("E-mail"), lambda line: line.user.email),
    tables.Column[Line](_("Job title"), lambda line: line.user.job_title),
    tables.Column[Line](_("Roles"), lambda line: ", ".join(line.roles)),
    tables.Column[Line](_("Seats"), lambda line: ", ".join(line.seats)),
    tables.Column[Line](_("Second factor"), lambda line: gettext("on") if line.factor else gettext("off")),
    tables.Column[Line](_("Last seen"), lambda line: line.user.last_active_on),
    tables.Column[Line](
        _("May sign in"), lambda line: gettext("yes") if line.user.is_active else gettext("no")
    ),
)
_INVITED_COLUMNS = (
    tables.Column[Invitation](_("E-mail"), lambda one: one.email),
    tables.Column[Invitation](_("Roles"), lambda one: ", ".join(one.role_labels)),
    tables.Column[Invitation](_("Invited by"), lambda one: one.invited_by),
    tables.Column[Invitation](_("Sent"), lambda one: one.created_at),
    tables.Column[Invitation](_("Valid until"), lambda one: one.expires_at),
)


@login_required
@require_safe
def people_of(request: HttpRequest, external_id: str) -> HttpResponse:
    """List the people and the open invitations of an organisation, and what its staffing lacks."""
    organisation = managed_organisation(request, external_id)
    user_log.record(
        user_log.Event.PEOPLE_READ, actor=request.user, organisation=organisation, request=request
    )
    invited = (
        Invitation.objects.open()
        .filter(organisation=organisation)
        .select_related("invited_by")
        .order_by("email")
    )
    lines = lines_of(organisation)
    if request.GET.get("list") == "invitations":
        file = tables.exported(request, "invitations", _INVITED_COLUMNS, invited, of=external_id)
    else:
        file = tables.exported(request, "people", _COLUMNS, lines, of=external_id)
    if file:
        return file
    now = clock.now()
    context = {
        "organisation": organisation,
        "section": "people",
        "lines": lines,
        "invited": [{"invitation": one, "expired": one.has_expired(now)} for one in invited],
        "missing": [post for post in _posts(organisation) if post.missing],
    }
    return render(request, "orgs/people.html", context)


def _posts(organisation: Organisation) -> list[Post]:
    try:
        return staffing_of([organisation], terms_on(clock.today()))[organisation.pk]
    except NoAgreement:
        return []


class RolesForm(forms.Form):
    """The roles of a person in an organisation."""

    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisation: Organisation, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_roles(self.fields["roles"], organisation, by)


class _SeatChoice(forms.ModelChoiceField[Seat]):
    """Names a seat by its holder."""

    def label_from_instance(self, obj: Seat) -> str:
        """Return who holds which seat."""
        return f"{obj.user}: {obj.title}"


class SeatForm(forms.Form):
    """A new seat, and whose it was before."""

    body = forms.ChoiceField(label=_("Body"), choices=Body.choices)
    kind = forms.ChoiceField(label=_("Seat"), choices=SeatKind.choices)
    follows = _SeatChoice(
        label=_("In whose place?"),
        queryset=Seat.objects.none(),
        required=False,
        empty_label=_("No one's: a further seat"),
        help_text=_("That person's seat ends, and the two hand over."),
    )

    def __init__(self, *args: Any, organisation: Organisation, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["follows"]
        assert isinstance(chooser, forms.ModelChoiceField)
        open_seats = Seat.objects.filter(in_force(clock.today()), organisation=organisation)
        chooser.queryset = open_seats.exclude(user=user).select_related("user")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_in(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Show one person of the organisation; changes the roles."""
    organisation, user = member_of(request, external_id, number)
    held, by = people.roles_of(user, organisation), person(request)
    form = RolesForm(request.POST or None, organisation=organisation, by=by, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            kept = [role for role in held if not people.may_give(by, organisation, [role])]
            people.set_roles(user, organisation, [*form.cleaned_data["roles"], *kept], by=by)
        except ValidationError as error:
            form.add_error("roles", error)
        except DutiesRemain as remain:
            count = len(remain.duties)
            form.add_error(
                "roles",
                ngettext(
                    "%(person)s is an updater of %(count)s service. Move it to someone else first.",
                    "%(person)s is an updater of %(count)s services. Move them to someone else first.",
                    count,
                )
                % {"person": user, "count": count},
            )
        else:
            messages.success(request, gettext("The roles of %(person)s have been saved.") % {"person": user})
            return redirect("orgs:people", external_id)
    return _person_page(request, organisation, user, form)


def _person_page(
    request: HttpRequest,
    organisation: Organisation,
    user: User,
    form: RolesForm,
    seat_form: SeatForm | None = None,
) -> HttpResponse:
    user_log.record(
        user_log.Event.PEOPLE_READ,
        actor=request.user,
        subject=user,
        organisation=organisation,
        request=request,
    )
    today = clock.today()
    own_line = next(line for line in lines_of(organisation) if line.user == user)
    context = {
        "organisation": organisation,
        "member": user,
        "line": own_line,
        "may_reset_factor": user != request.user and sign_in.has_second_factor(user),
        "form": form,
        "seats": Seat.objects.filter(in_force(today), organisation=organisation, user=user),
        "seat_form": seat_form or SeatForm(organisation=organisation, user=user),
        "has_seats": organisation.kind == Organisation.Kind.PARTNER,
        "duties": duties.of_person(user, organisation),
        "past": user.memberships.filter(organisation=organisation, ends_on__lt=today),
    }
    wrong = form.errors or (seat_form and seat_form.errors)
    return render(request, "orgs/person.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def give_seat(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Give the person a seat."""
    organisation, user = member_of(request, external_id, number)
    form = SeatForm(request.POST, organisation=organisation, user=user)
    if form.is_valid():
        try:
            seat = people.give_seat(
                user,
                organisation,
                Body(form.cleaned_data["body"]),
                SeatKind(form.cleaned_data["kind"]),
                by=person(request),
                follows=form.cleaned_data["follows"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = gettext("%(person)s now has a seat: %(seat)s.")
            messages.success(request, words % {"person": user, "seat": seat.title})
            return redirect("orgs:person", external_id, number)
    held = people.roles_of(user, organisation)
    roles = RolesForm(organisation=organisation, by=person(request), initial={"roles": held})
    return _person_page(request, organisation, user, roles, form)


@login_required
@require_POST
def end_seat(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """End a seat of the organisation."""
    organisation = managed_organisation(request, external_id)
    seat = get_object_or_404(
        Seat.objects.select_related("organisation"), pk=number, organisation=organisation
    )
    try:
        people.end_seat(seat, by=person(request))
        messages.success(request, gettext("The seat has ended: %(seat)s.") % {"seat": seat.title})
    except ValidationError as error:
        say_refused(request, error)
    return redirect("orgs:person", external_id, seat.user_id)
