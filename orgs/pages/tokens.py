"""Access tokens: a person's own, and those of an organisation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, clock, sign_in, tokens
from orgs.models import AccessToken, Organisation
from orgs.pages.action_form import add_refusal
from orgs.pages.common import person, say_refused
from orgs.roles import Capability


def _days(count: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


class TokenForm(forms.ModelForm[AccessToken]):
    """What a new token is for, what it opens and for how long."""

    scopes = forms.MultipleChoiceField(
        label=_("What it opens"),
        help_text=_("Without any it reads what everyone may read."),
        choices=AccessToken.Scope.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("For how long"),
        help_text=_("It can be revoked at any time before that."),
        coerce=int,
        initial=tokens.DAYS[1],
    )

    class Meta:
        model = AccessToken
        fields = ("name", "scopes")
        help_texts = {"name": _("The system that uses it, so that it is known again a year from now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["days"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(days, _days(days)) for days in tokens.DAYS]


@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List my own tokens."""
    user = person(request)
    return _listed(request, tokens.of_person(user), may_make=True)


@login_required
@require_safe
def of_organisation(request: HttpRequest, external_id: str) -> HttpResponse:
    """List an organisation's tokens, to those in whose hands they may be."""
    organisation = _organisation(request, external_id)
    may_make = tokens.may_keep(person(request), organisation)
    return _listed(request, tokens.of_organisation(organisation), organisation, may_make=may_make)


def _organisation(request: HttpRequest, external_id: str) -> Organisation:
    found = get_object_or_404(Organisation, external_id=external_id)
    access.require(request.user, Capability.KEEP_TOKENS, access.own(found))
    return found


def _listed(
    request: HttpRequest,
    found: tokens.Tokens,
    organisation: Organisation | None = None,
    *,
    may_make: bool,
) -> HttpResponse:
    today, user = clock.today(), person(request)
    keepers = tokens.keepers(organisation) if organisation else {user.pk}
    rows = [
        {
            "token": token,
            "open": token.is_open(today),
            "idle": token.user_id not in keepers,
            "others": may_make and token.is_open(today) and token.user_id != user.pk,
        }
        for token in found
    ]
    context = {"rows": rows, "organisation": organisation, "may_make": may_make, "section": "tokens"}
    return render(request, "orgs/tokens.html", context)


def _asking_who_it_is(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the second factor before a page; those who have none set one up first."""
    asking: Callable[..., HttpResponse] = reauthentication_required(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = person(request)
        if not (sign_in.has_second_factor(user) or sign_in.through_employer(request, user)):
            messages.error(request, gettext("A token needs a second factor. Set one up first."))
            return redirect("orgs:second_factor")
        return asking(request, *args, **kwargs)

    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Make a token of my own."""
    return _made(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_of_organisation(request: HttpRequest, external_id: str) -> HttpResponse:
    """Make a token of an organisation."""
    return _made(request, _kept_by_reader(request, external_id))


def _kept_by_reader(request: HttpRequest, external_id: str) -> Organisation:
    organisation = _organisation(request, external_id)
    if not tokens.may_keep(person(request), organisation):
        raise PermissionDenied
    return organisation


@_asking_who_it_is
def _made(request: HttpRequest, organisation: Organisation | None) -> HttpResponse:
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "organisation": organisation, "section": "tokens"}
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = tokens.make(
                person(request),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                days=form.cleaned_data["days"],
                organisation=organisation,
                request=request,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            made = {"token": token, "secret": secret, "beginning": tokens.START}
            return render(request, "orgs/token_made.html", context | made)
    return render(request, "orgs/token_new.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a token of mine."""
    user = person(request)
    return _revoked(request, get_object_or_404(tokens.of_person(user), pk=number))


@login_required
@require_POST
def revoke_of_organisation(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Revoke a token of an organisation."""
    organisation = _organisation(request, external_id)
    return _revoked(request, get_object_or_404(tokens.of_organisation(organisation), pk=number))


def _revoked(request: HttpRequest, token: AccessToken) -> HttpResponse:
    tokens.revoke(token, by=person(request), request=request)
    messages.success(request, gettext("The token %(name)s has been revoked.") % {"name": token})
    return _back(token.organisation)


@login_required
@require_POST
def take_over(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Take a token of an organisation into my hands."""
    organisation = _kept_by_reader(request, external_id)
    return _taken_over(request, get_object_or_404(tokens.of_organisation(organisation), pk=number))


@_asking_who_it_is
def _taken_over(request: HttpRequest, token: AccessToken) -> HttpResponse:
    try:
        tokens.take_over(token, by=person(request), request=request)
    except ValidationError as error:
        say_refused(request, error)
    else:
        messages.success(request, gettext("The token %(name)s is in your hands now.") % {"name": token})
    return _back(token.organisation)


def _back(organisation: Organisation | None) -> HttpResponse:
    return redirect("orgs:tokens_of", organisation.external_id) if organisation else redirect("orgs:tokens")
