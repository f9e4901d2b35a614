"""manage.py generate_services N: content for load tests."""

import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services import bulk, generated
from services.vocabularies import load

BATCH = 500
MOST = 100_000
AT = datetime.datetime(2026, 11, 2, 7, 0, tzinfo=datetime.UTC)


class Command(BaseCommand):
    """Makes and publishes services number 1 to N; those that exist already are left alone."""

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
        languages = [code for code, _name in settings.LANGUAGES]
        written = 0
        services = generated.generate(count, words)
        while batch := list(islice(services, BATCH)):
            written += bulk.publish_new(batch, words, languages, AT)
            self.stdout.write(f"{written}/{count}")
        self.stdout.write(_("Services generated: %(count)s.") % {"count": written})
