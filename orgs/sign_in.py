"""Signing in: accounts exist only by invitation (domain.md section 2)."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No one makes an account of one's own accord."""
        return False
