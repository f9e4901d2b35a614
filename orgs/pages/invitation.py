"""Accepting an invitation."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from orgs import inviting, sign_in
from orgs.inviting import InvitationRefused, Problem
from orgs.models import Invitation, User
from orgs.names import validate_name


class AcceptForm(forms.Form):
    """What a new person tells: a name and a password, nothing else."""

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._invitation = invitation
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, the name and address of the person among them."""
        cleaned = super().clean() or {}
        person = User(email=self._invitation.email, full_name=cleaned.get("full_name", ""))
        person.organisation_names = list(self._invitation.organisation.name.values())  # type: ignore[attr-defined]
        if password := cleaned.get("password"):
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show an invitation and accept it. Each way in which it can fail has its own clear page."""
    try:
        found = inviting.find(token)
        if said := request.session.pop("invitation_problem", None):
            return _refused(request, InvitationRefused(Problem(said), found))
        account = inviting.account_of(found)
        if isinstance(request.user, User):
            return _as_signed_in(request, found, token)
        if account is not None and account.is_active:
            return render(request, "orgs/invitation_sign_in.html", _about(found, token))
        return _as_new(request, found, token)
    except InvitationRefused as refusal:
        if refusal.problem is Problem.HAS_ACCOUNT:
            return redirect("orgs:invitation", token)
        return _refused(request, refusal)


def _about(found: Invitation, token: str) -> dict[str, Any]:
    return {"invitation": found, "token": token, "employers": sign_in.employers()}


def _as_signed_in(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if user.email.lower() != found.email.lower():
        raise InvitationRefused(Problem.WRONG_PERSON, found)
    if request.method != "POST":
        return render(request, "orgs/invitation_accept.html", _about(found, token))
    inviting.accept_as(user, token)
    _welcome(request, found)
    return redirect("orgs:own")


def _as_new(request: HttpRequest, found: Invitation, token: str) -> HttpResponseBase:
    form = AcceptForm(request.POST or None, invitation=found, initial={"language": found.language})
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(
            request, "orgs/invitation_new.html", _about(found, token) | {"form": form}, status=status
        )
    user = inviting.accept_as_new(
        token,
        password=form.cleaned_data["password"],
        full_name=form.cleaned_data["full_name"],
        language=form.cleaned_data["language"],
    )
    _welcome(request, found)
    # The password was chosen this moment: it is not asked for again before the second factor is set up.
    record_authentication(request, user, method="password", email=user.email)
    # Through allauth, so that an account that had a second factor before is asked for it.
    answer: HttpResponseBase = perform_login(request, user, email_verification="none")
    return answer


def _welcome(request: HttpRequest, found: Invitation) -> None:
    messages.success(
        request,
        gettext("Welcome! You now belong to %(organisation)s.") % {"organisation": found.organisation},
    )


def _refused(request: HttpRequest, refusal: InvitationRefused) -> HttpResponse:
    context = {"problem": refusal.problem.value, "invitation": refusal.invitation}
    status = 403 if refusal.problem is Problem.WRONG_PERSON else 410
    if refusal.problem is Problem.UNKNOWN:
        status = 404
    return render(request, "orgs/invitation_problem.html", context, status=status)


@require_POST
def through_employer(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the invitation, and go on to the employer's sign-in."""
    try:
        inviting.find(token)
    except InvitationRefused as refusal:
        return _refused(request, refusal)
    chosen = request.POST.get("employer", "")
    urls = [employer["url"] for employer in sign_in.employers()]
    if chosen not in urls:
        return redirect("orgs:invitation", token)
    request.session[sign_in.INVITATION_KEY] = token
    return redirect(chosen)
