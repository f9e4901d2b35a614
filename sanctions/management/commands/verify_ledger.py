"""manage.py verify_ledger: prove that the ledger is what was written into it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sanctions import ledger, seals
from sanctions.models import LedgerEntry


class Command(BaseCommand):
    """Reckons every hash of the chain anew; names the first row that is broken, with exit status 1."""

    help = "Prove the ledger's chain, and name the first broken row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file of seals."""
        parser.add_argument(
            "--against", metavar="FILE", help="a file of seals: finds rows that are missing at the end, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chain, and the seals where some are given."""
        entries = LedgerEntry.objects.order_by("number")
        found = ledger.broken(entries.iterator())
        if found is not None:
            number, why = found
            raise CommandError(
                _("Row %(number)s of the ledger is broken: %(why)s.") % {"number": number, "why": why}
            )
        if options["against"]:
            self._against(options["against"])
        self.stdout.write(_("The ledger is whole: %(count)s rows.") % {"count": entries.count()})
        if last := entries.last():
            self.stdout.write(_("Its last hash: %(hash)s") % {"hash": last.hash})

    def _against(self, file: str) -> None:
        try:
            lines = Path(file).read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise CommandError(
                _("%(file)s can't be read: %(error)s") % {"file": file, "error": error}
            ) from None
        if problems := seals.problems(lines):
            raise CommandError("\n".join(problems))
        self.stdout.write(_("It bears out every seal of the file: %(count)s.") % {"count": len(lines)})
