"""The client of the tests: signs people in as they sign in themselves, with all that their account has."""

import time
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django import test

from orgs.models import User
from orgs.sign_in import has_second_factor


class Client(test.Client):
    """Django's client, whose `force_login` shows the second factor too, where there is one."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Sign in without asking, ten minutes ago: long enough to be asked again for what is critical."""
        super().force_login(user, backend)
        if isinstance(user, User) and has_second_factor(user):
            session = self.session
            session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
            asked_anew = user.confirm_since.timestamp() if user.confirm_since else 0.0
            shown = {"method": "mfa", "at": max(time.time() - 600, asked_anew)}
            session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
            session.save()

    def force_login_by_password(self, user: User) -> None:
        """Sign in without asking, and without the second factor."""
        super().force_login(user)
