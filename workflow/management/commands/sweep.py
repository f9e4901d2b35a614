"""manage.py sweep: do everything that is due."""

import dataclasses
import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from orgs import clock, jobs
from workflow import sweep


class Command(BaseCommand):
    """Does what Celery beat does every hour, and prints what it did."""

    help = "Do everything that is due: overdue runs, reminders, set times, accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a day."""
        parser.add_argument("--as-of", metavar="DATE", help="act as on this day, for example 2026-12-01")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep and print a line for each kind of thing done."""
        try:
            day = datetime.date.fromisoformat(options["as_of"]) if options["as_of"] else None
        except ValueError:
            raise CommandError(_("Write the day like 2026-12-01.")) from None
        if day and day > clock.today() and not settings.DEMO:
            # It would outdate, archive and block what is not due, and nothing takes that back.
            raise CommandError(_("A day to come can be tried in the demo only. Nothing was done."))
        if day is None:
            with jobs.running("sweep"):
                swept = sweep.sweep()
        else:
            with clock.as_of(day):
                swept = sweep.sweep()
        done = {name: value for name, value in dataclasses.asdict(swept).items() if value}
        done |= done.pop("above", {})
        for name, value in done.items():
            self.stdout.write(f"{name}: {value if isinstance(value, int) else ', '.join(value)}")
        if not done:
            self.stdout.write(_("Nothing was due."))
