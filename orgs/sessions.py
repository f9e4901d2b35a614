"""What holds for every request of someone signed in: the second factor, and how long a session lasts."""

import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from orgs import access, accounts, clock, devices, user_log
from orgs.models import NoAgreement, User, terms_on
from orgs.routes import route_of
from orgs.sign_in import has_second_factor, is_confirmed, page_of_factor, through_employer

# Until this session has shown the second factor one may show it, ask for help and leave.
_UNCONFIRMED = frozenset(
    {
        *("account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
        *("orgs:invitation", "orgs:factor_reset"),
    }
)
# Until the account has one, one may set it up, too; who has one must show that first.
_WITHOUT_FACTOR = _UNCONFIRMED | {
    *("mfa_activate_totp", "mfa_add_webauthn", "orgs:second_factor"),
    *("account_reauthenticate", "account_set_password", "account_change_password"),
}
_RENEW_AFTER = 5 * 60  # seconds
_RENEWED = "renewed"


class SignedInMiddleware:
    """Applies docs/rules.md section 10 to each request of someone signed in, and logs refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or lead to the page where the second factor is set up."""
        user = request.user
        if not isinstance(user, User):
            response = self.get_response(request)
            signed_in = request.user if isinstance(request.user, User) else None
            devices.mark(request, response, signed_in)
            return response
        access.hold(user)
        changing = access.needs_second_factor(user)
        accounts.seen(user)
        renew(request, changing=changing)
        if changing and not is_confirmed(request, user):
            way = _way_to_confirm(request, user)
            if way is not None:
                return way
        response = self.get_response(request)
        devices.mark(request, response, user)
        if response.status_code == 403:
            user_log.record(user_log.Event.REFUSED, actor=user, request=request, route=route_of(request))
        return response


def _way_to_confirm(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Lead to where the session becomes confirmed; None where the page is open without."""
    if has_second_factor(user):
        if _is_one_of(request, _UNCONFIRMED):
            return None
        return _leading_back(request, page_of_factor(user))
    if through_employer(request, user):
        # Signed in before the rights grew: the employer is asked once more.
        logout(request)
        return _leading_back(request, "account_login")
    return None if _is_one_of(request, _WITHOUT_FACTOR) else redirect("orgs:second_factor")


def _leading_back(request: HttpRequest, name: str) -> HttpResponseBase:
    """Lead to a page from which one comes back to this one; what a form sent is not sent again."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("orgs:start")
    return redirect(f"{reverse(name)}?{urlencode({'next': wanted})}")


def _is_one_of(request: HttpRequest, names: frozenset[str]) -> bool:
    try:
        return resolve(request.path_info).view_name in names
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
