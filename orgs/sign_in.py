"""Signing in: accounts exist only by invitation (docs/rules.md sections 2 and 10)."""

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgs import clock, devices, inviting, notices, user_log
from orgs.models import NoAgreement, User, terms_on
from orgs.names import as_name

# The session holds the link of the invitation that is being accepted through the employer.
INVITATION_KEY = "invitation"


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes open sign-up, and sends mail through the outbox."""

    _tried: User | None = None
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many tries just now. Wait a minute and try again. Or set a new password by the link in a"
            " mail: then you come in at once on this device."
        )
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No one makes an account of one's own accord."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask once more who one is, but not of someone who signed in within the last minutes."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        records = get_authentication_records(request, request.user)
        if has_second_factor(request.user):
            records = [record for record in records if record.get("method") != "password"]
        latest = max((record["at"] for record in records), default=0)
        recently: bool = time.time() - latest < account_settings.REAUTHENTICATION_TIMEOUT
        return not recently

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer no password to those who have a second factor: that is what is asked for."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        others = [one for one in methods if one["id"] != "reauthenticate"]
        return others if user.is_authenticated and has_second_factor(user) else methods

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down who guesses: on a device of the person's by the device, elsewhere all together."""
        email = str(credentials.get("email", "")).lower()
        self._tried = User.objects.filter(email__iexact=email).first()
        device = devices.known_to(request, self._tried)
        here = f"{email}|{device or user_log.address_of(request)}"
        used = ratelimit.consume(request, app="allauth.account", action="login_failed_here", key=here)
        if used and not device:
            strangers = ratelimit.consume(request, app="allauth.account", action="login_failed", key=email)
            used = strangers and ratelimit.RateLimitUsage([*used.usage, *strangers.usage])
        if not used:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = used

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error; a try that was refused unseen is in the log, too."""
        if code in ("too_many_login_attempts", "rate_limited"):
            user_log.record(
                user_log.Event.SIGN_IN_FAILED, subject=self._who(), request=context.request, slowed=True
            )
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _who(self) -> User | None:
        """Return who is signing in: by password, or between the password and the code."""
        request = context.request
        if isinstance(request.user, User):
            return request.user
        between = request.session.get(LOGIN_SESSION_KEY, {}).get("user_pk")
        if self._tried or not between:
            return self._tried
        return User.objects.filter(pk=int(url_str_to_user_pk(between))).first()

    def send_mail(self, template_prefix: str, email: str, words: dict[str, Any]) -> None:
        """Put the message into the outbox: a mail server that is down must not fail the page."""
        message = self.render_mail(template_prefix, email, words)
        notices.tell_address("account_mail", email, subject=message.subject, text=message.body)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is."""
        return subject


class EmployerAdapter(DefaultSocialAccountAdapter):
    """Signing in through the employer's OpenID Connect: linked by subject, never by address alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No one makes an account of one's own accord here either."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Accept the invitation that brought the person here, with the employer's word for the address."""
        token = request.session.get(INVITATION_KEY)
        known = sociallogin.is_existing and sociallogin.user.is_active
        if known or not token or request.user.is_authenticated:
            return
        del request.session[INVITATION_KEY]
        try:
            user = self._accept(token, sociallogin)
        except inviting.InvitationRefused as refusal:
            if refusal.problem is not inviting.Problem.HAS_ACCOUNT:
                request.session["invitation_problem"] = refusal.problem.value
            answer = redirect("orgs:invitation", token)
            raise ImmediateHttpResponse(answer) from refusal
        sociallogin.connect(request, user)

    def _accept(self, token: str, sociallogin: SocialLogin) -> User:
        invitation = inviting.find(token)
        account = inviting.account_of(invitation)
        if account is not None and account.is_active:
            # The page asks to sign in with it: the employer's word alone links nothing.
            raise ImmediateHttpResponse(redirect("orgs:invitation", token))
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo", {}) | claims.get("id_token", {})
        if not _names(claims, invitation.email):
            raise inviting.InvitationRefused(inviting.Problem.WRONG_PERSON, invitation)
        return inviting.accept_as_new(
            token,
            password=None,
            full_name=as_name(str(claims.get("name", ""))[:150]) or invitation.email,
            language=invitation.language,
        )

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Lead back to one's own page."""
        return reverse("orgs:own")


def _names(claims: dict[str, Any], email: str) -> bool:
    """Tell whether the employer names this address.

    Many employers' servers leave `email_verified` out. The invitation came to the address, so holding
    its link proves as much; an address that the server says it has not verified is refused.
    """
    same = str(claims.get("email", "")).lower() == email.lower()
    return same and claims.get("email_verified", True) not in (False, "false")


class EncryptingMFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted with SECRET_KEY.

    A copy of the database alone makes no codes.
    """

    def encrypt(self, text: str) -> str:
        """Return what the database keeps."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"orgs.sign_in.mfa" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class AgreedLengthValidator(MinimumLengthValidator):
    """Asks for as many characters as the agreement in force does, at least twelve."""

    def __init__(self, min_length: int = 12) -> None:
        super().__init__(min_length)

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that is too short."""
        try:
            self.min_length = terms_on(clock.today()).password_length
        except NoAgreement:
            self.min_length = 12
        super().validate(password, user)


def through_employer(request: HttpRequest, user: User) -> bool:
    """Tell whether this session was opened through the employer's OpenID Connect."""
    return _shown_at(request, user, "socialaccount") is not None


def is_confirmed(request: HttpRequest, user: User) -> bool:
    """Tell whether this session, not only the account, has shown more than a password.

    A code, a passkey or the employer's sign-in, each since the person's rights last grew.
    """
    needed = user.confirm_since.timestamp() if user.confirm_since else 0.0
    by_employer = _shown_at(request, user, "socialaccount")
    if by_employer is not None and by_employer >= needed:
        return True
    shown = _shown_at(request, user, "mfa")
    return shown is not None and shown >= needed and has_second_factor(user)


def _shown_at(request: HttpRequest, user: User, method: str) -> float | None:
    """Return when this session last showed who it is by `method`, in seconds; None where it never did."""
    times = [
        float(record["at"])
        for record in get_authentication_records(request, user)
        if record.get("method") == method
    ]
    return max(times, default=None)


def has_second_factor(user: User) -> bool:
    """Tell whether the account has an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: bool = Authenticator.objects.filter(user=user, type__in=kinds).exists()
    return found


def page_of_factor(user: User) -> str:
    """Return the name of the page where a signed-in person shows the factor that the account has."""
    by_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if by_app else "mfa_reauthenticate_webauthn"


def no_own_addresses(_request: HttpRequest, **_key: str) -> HttpResponse:
    """Stand in for allauth's pages of e-mail addresses and of confirming them.

    The address is what a person was invited by; adding another without an invitation would be a
    sign-up by the back door.
    """
    raise Http404


def employers() -> list[dict[str, str]]:
    """Return the employers through which one can sign in: the name and the address of each."""
    return [
        {"name": app["name"], "url": reverse("openid_connect_login", args=[app["provider_id"]])}
        for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    ]
