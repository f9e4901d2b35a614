"""Who asks the interface: nobody in particular, someone's session, or the holder of an access token."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from orgs import tokens
from orgs.models import AccessToken, User
from orgs.tokens import Scope


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pm_...`; the user of the request holds what the token lets through."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """Return who stands behind the token that is shown; None where none is."""
        kind, _space, secret = get_authorization_header(request).partition(b" ")
        if not kind:
            return None
        found = tokens.holder_of(secret.strip().decode("latin-1")) if kind.lower() == b"bearer" else None
        if found is None:
            raise AuthenticationFailed(
                _("This token opens nothing: it is mistyped, has run out, was revoked, or its person left.")
            )
        return found

    def authenticate_header(self, _request: Request) -> str:
        """Return what the answer to an unknown token asks for."""
        return "Bearer"


class OwnSession(SessionAuthentication):
    """The session of someone who is signed in on our pages; what changes something needs the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return who is signed in; None where nobody is."""
        found: tuple[Any, None] | None = super().authenticate(request)
        return found


def opens(request: Request, scope: Scope) -> bool:
    """Tell whether a request may use a right: always by a session, by a token within its scopes."""
    if isinstance(request.auth, AccessToken):
        return scope in request.auth.scopes
    return isinstance(request.user, User)
