"""manage.py demo_sign_ins: who one can sign in as in the demo."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from orgs.models import Membership, Seat
from palvelumanuaali.demo.loading import PASSWORD
from palvelumanuaali.demo.people import PEOPLE


class Command(BaseCommand):
    """Prints a table of the demo's people, one for each role."""

    help = "Print the demo's sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a person and the password that all share."""
        memberships = Membership.objects.filter(user__email__in=[p.email for p in PEOPLE])
        by_email = {m.user.email: m for m in memberships.select_related("user", "organisation")}
        seats = {seat.user.email: seat.title for seat in Seat.objects.select_related("user")}
        rows = [
            (
                seats.get(p.email) or str(by_email[p.email].get_role_display()),
                str(by_email[p.email].organisation),
                p.email,
            )
            for p in PEOPLE
            if p.email in by_email
        ]
        header = (_("Role"), _("Organisation"), _("E-mail"))
        widths = [max(len(row[i]) for row in (header, *rows)) for i in range(3)]
        for row in (header, tuple("-" * width for width in widths), *rows):
            self.stdout.write(
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write(_("Password of all: %(password)s") % {"password": PASSWORD})
        self.stdout.write(_("The page that asks for a code shows it: the demo's people have no phones."))
