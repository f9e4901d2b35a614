"""manage.py application_role: make the database role that the running application signs in with."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from palvelumanuaali import application_role


class Command(BaseCommand):
    """Gives the role in APPLICATION_DATABASE_URL its rights; run as the owner, after each migration."""

    help = "Make the role that APPLICATION_DATABASE_URL names, which reads and writes rows and owns nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say so."""
        url = os.environ.get("APPLICATION_DATABASE_URL", "")
        try:
            login = application_role.login_of(url)
            application_role.grant(login)
        except ValueError as error:
            raise CommandError(f"APPLICATION_DATABASE_URL: {error}") from error
        self.stdout.write(_("The role %(role)s has what the application needs.") % {"role": login.role})
