"""What holds for every request of someone signed in: the second factor, and how long a session lasts."""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from orgs import access, accounts, clock, user_log
from orgs.models import NoAgreement, User, terms_on
from orgs.roles import changes_things
from orgs.routes import route_of
from orgs.sign_in import has_second_factor, through_employer

# Until there is a second factor one may set it up, ask for help and leave.
_WITHOUT_FACTOR = frozenset(
    {
        *("account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        *("mfa_activate_totp", "mfa_add_webauthn", "orgs:second_factor", "orgs:invitation"),
        *("account_set_password", "account_change_password"),
    }
)
_RENEW_AFTER = 5 * 60  # seconds
_RENEWED = "renewed"


class SignedInMiddleware:
    """Applies domain.md section 10 to each request of someone signed in, and logs refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or lead to the page where the second factor is set up."""
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        changing = changes_things(access.hold(user))
        accounts.seen(user)
        renew(request, changing=changing)
        if changing and not (_may_be_open(request) or through_employer(request) or has_second_factor(user)):
            return redirect("orgs:second_factor")
        response = self.get_response(request)
        if response.status_code == 403:
            user_log.record(user_log.Event.REFUSED, actor=user, request=request, route=route_of(request))
        return response


def _may_be_open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in _WITHOUT_FACTOR
    except Resolver404:
        return True


def renew(request: HttpRequest, *, changing: bool) -> None:
    """Let the session last from now on for as long as the agreement says, counted from its last use.

    Written at most every five minutes: a session may end that much earlier, never later.
    """
    now = int(time.time())
    if now - request.session.get(_RENEWED, 0) < _RENEW_AFTER:
        return
    try:
        terms = terms_on(clock.today())
        hours = terms.session_hours if changing else terms.reading_session_days * 24
    except NoAgreement:
        hours = 8
    request.session[_RENEWED] = now
    request.session.set_expiry(hours * 60 * 60)
