"""Signing in: accounts exist only by invitation (domain.md section 2)."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No one makes an account of one's own accord."""
        return False


def no_own_addresses(_request: HttpRequest) -> HttpResponse:
    """Stand in for allauth's page of e-mail addresses.

    The address is what a person was invited by; adding another without an invitation would be a
    sign-up by the back door.
    """
    raise Http404
