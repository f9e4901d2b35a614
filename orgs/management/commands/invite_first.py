"""manage.py invite_first: the way into a new installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, inviting
from orgs.models import Invitation, Organisation
from orgs.roles import Role

_NAME = {
    "fi": "Palvelumanuaalin projekti",
    "sv": "Servicehandbokens projekt",
    "en": "The service manual's project",
}


class Command(BaseCommand):
    """Invites the first project manager, and makes the project's organisation where there is none."""

    help = "Invite the first project manager of a new installation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the language of the invitation."""
        parser.add_argument("email")
        parser.add_argument("--language", choices=["fi", "sv", "en"], default="fi")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Invite, unless the installation has a project manager already."""
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        project, _made = Organisation.objects.get_or_create(
            kind=Organisation.Kind.PROJECT, defaults={"external_id": "project", "name": _NAME}
        )
        if access.holders_in(project, [Role.PROJECT_MANAGER]).exists():
            raise CommandError(_("There is a project manager already, who can invite others."))
        open_here = Invitation.objects.open().filter(organisation=project, email__iexact=options["email"])
        if earlier := open_here.first():
            inviting.renew(earlier, by=None)
        else:
            inviting.invite(
                project, options["email"], [Role.PROJECT_MANAGER], language=options["language"], by=None
            )
        self.stdout.write(_("The invitation is on its way to %(email)s.") % {"email": options["email"]})
