"""Asking for a new password: the same answer, and the same work, whoever the address belongs to."""

import contextlib
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from orgs import notices


class ResetForm(ResetPasswordForm):
    """Puts a notice into the outbox for any address; who has no account is found out when it is sent."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for the mail, and return the address."""
        address = str(self.cleaned_data["email"])
        # After several links within the hour the answer is the same still, and no more mail comes.
        with contextlib.suppress(notices.ToldOften):
            notices.link_within_limits("password_reset", address=address)
            notices.tell_address("password_reset", address)
        return address
