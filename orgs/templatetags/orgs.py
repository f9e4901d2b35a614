"""What the pages of signing in show."""

from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django import template
from django.conf import settings

from orgs import access, sign_in
from orgs.access import Reader
from orgs.models import Organisation, User
from orgs.roles import Capability

register = template.Library()


@register.simple_tag
def employers() -> list[dict[str, str]]:
    """Return the employers through which one can sign in."""
    return sign_in.employers()


@register.filter
def keeps_tokens_of(user: Reader, organisation: Organisation) -> bool:
    """Tell whether a person keeps the access tokens of an organisation."""
    return access.may(user, Capability.KEEP_TOKENS, access.own(organisation))


@register.simple_tag(takes_context=True)
def demo_code(context: dict[str, Any]) -> str:
    """Return the code that the person's authenticator app would show now; only in the demo.

    The demo's people have no phones. Nothing is shown where DEMO is off or for accounts that
    did not come with the demo.
    """
    if not settings.DEMO:
        return ""
    user = _signing_in(context)
    if user is None or not user.email.endswith(".example"):
        return ""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None:
        return ""
    secret = decrypt(app.data["secret"])
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


@register.simple_tag(takes_context=True)
def has_passkey(context: dict[str, Any]) -> bool:
    """Tell whether the person who is signing in can confirm it with a passkey."""
    held = Authenticator.objects.filter(user=_signing_in(context), type=Authenticator.Type.WEBAUTHN)
    found: bool = held.exists()
    return found


def _signing_in(context: dict[str, Any]) -> User | None:
    request = context["request"]
    if isinstance(request.user, User):
        return request.user
    stage = get_pending_stage(request)
    return stage.login.user if stage else None
