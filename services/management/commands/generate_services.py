"""manage.py generate_services N: content for load tests."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services import generated
from services.exchange.importing import import_file
from services.exchange.schema import FORMAT, VERSION
from services.vocabularies import load

BATCH = 500
MOST = 100_000


class Command(BaseCommand):
    """Imports services number 1 to N, made by rule; one that is here already stays as it is."""

    help = f"Generate and publish services by rule, up to {MOST}; the same N gives the same content."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of services."""
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, count: int, **options: Any) -> None:
        """Write them in batches and tell how far it is."""
        if not 1 <= count <= MOST:
            raise CommandError(_("Give a number from 1 to %(most)s.") % {"most": MOST})
        words = load()
        if not any(o.kind == "partner" for o in words.organisations.values()):
            raise CommandError(_("There are no partners yet. Import the vocabularies and partners first."))
        written = done = 0
        services = generated.generate(count, words)
        while batch := list(islice(services, BATCH)):
            report = import_file({"format": FORMAT, "version": VERSION, "services": batch})
            written, done = written + len(report.created), done + len(batch)
            self.stdout.write(f"{done}/{count}")
        self.stdout.write(_("Services generated: %(count)s.") % {"count": written})
