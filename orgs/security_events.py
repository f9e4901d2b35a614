"""What allauth tells us goes to the user log, and to the person where it matters."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from orgs import accounts, devices, notices, user_log
from orgs.models import User
from orgs.user_log import Event


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record a sign-in."""
    user_log.record(Event.SIGNED_IN, actor=user, request=request)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    """Record a sign-out."""
    if user is not None:
        user_log.record(Event.SIGNED_OUT, actor=user, request=request)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    """Record a failed sign-in, naming the account only where there is one."""
    address = str(credentials.get("email") or credentials.get("login") or "")
    subject = User.objects.filter(email__iexact=address).first() if address else None
    user_log.record(Event.SIGN_IN_FAILED, subject=subject, request=request)


@receiver(authentication_failed)
def code_failed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record a wrong code."""
    user_log.record(Event.SIGN_IN_FAILED, subject=user, request=request, factor=True)


@receiver([password_changed, password_set, password_reset])
def password_is_new(request: HttpRequest, user: User, **_more: Any) -> None:
    """Record and tell a change of password, and end the other sessions."""
    devices.proved(request, user)
    user_log.record(Event.PASSWORD_CHANGED, actor=user, subject=user, request=request)
    accounts.end_sessions(user, keep=request.session.session_key)
    notices.tell("security_change", user, what="password")


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Record and tell a new second factor; this session has just shown it, the others end."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    accounts.end_sessions(user, keep=request.session.session_key)
    user_log.record(Event.FACTOR_ADDED, actor=user, subject=user, request=request, factor=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        notices.tell("security_change", user, what="factor_added")


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Record and tell that a second factor is gone."""
    user_log.record(
        Event.FACTOR_REMOVED, actor=user, subject=user, request=request, factor=authenticator.type
    )
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        notices.tell("security_change", user, what="factor_removed")


@receiver(social_account_added)
def employer_connected(request: HttpRequest, sociallogin: SocialLogin, **_more: Any) -> None:
    """Record and tell that one can sign in through the employer from now on."""
    user = sociallogin.user
    user_log.record(Event.EMPLOYER_CONNECTED, actor=user, subject=user, request=request)
    notices.tell("security_change", user, what="employer_connected")


@receiver(social_account_removed)
def employer_removed(request: HttpRequest, socialaccount: SocialAccount, **_more: Any) -> None:
    """Record and tell that one can't sign in through the employer any more."""
    user = socialaccount.user
    user_log.record(Event.EMPLOYER_REMOVED, actor=user, subject=user, request=request)
    notices.tell("security_change", user, what="employer_removed")
