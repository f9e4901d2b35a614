"""manage.py verify_ledger: prove that the ledger is what was written into it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sanctions import ledger
from sanctions.models import LedgerEntry


class Command(BaseCommand):
    """Reckons every hash of the chain anew; names the first row that is broken, with exit status 1."""

    help = "Prove the ledger's chain, and name the first broken row."

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chain."""
        entries = LedgerEntry.objects.order_by("number")
        found = ledger.broken(entries.iterator())
        if found is not None:
            number, why = found
            raise CommandError(
                _("Row %(number)s of the ledger is broken: %(why)s.") % {"number": number, "why": why}
            )
        self.stdout.write(_("The ledger is whole: %(count)s rows.") % {"count": entries.count()})
        if last := entries.last():
            self.stdout.write(_("Its last hash: %(hash)s") % {"hash": last.hash})
