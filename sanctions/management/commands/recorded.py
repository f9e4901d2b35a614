"""manage.py recorded: print what was recorded as a scenario for simulate."""

import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from orgs import clock
from orgs.models import Agreement
from sanctions.recorded import scenario


class Command(BaseCommand):
    """Prints the runs, meetings and handovers of the agreement in force as a scenario of simulate."""

    help = "Print what was recorded under the agreement as a scenario for simulate."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a last day."""
        parser.add_argument("--until", metavar="DATE", help="the last day, for example 2026-12-01; today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        try:
            day = datetime.date.fromisoformat(options["until"]) if options["until"] else clock.today()
        except ValueError:
            raise CommandError(_("Write the day like 2026-12-01.")) from None
        agreement = Agreement.objects.covering(day)
        if agreement is None:
            raise CommandError(_("No agreement is in force on this day."))
        self.stdout.write(json.dumps(scenario(agreement, day), ensure_ascii=False, indent=1))
