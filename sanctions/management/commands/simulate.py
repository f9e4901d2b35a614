"""manage.py simulate FILE: what a scenario comes to under the agreement's rules."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sanctions.scenario import BadScenario, scenario_from
from sanctions.simulation import simulate


class Command(BaseCommand):
    """Prints runs, remarks, sanctions and totals as JSON; needs no database."""

    help = "Reckon what a scenario (docs/simulate.md) comes to, and print it as JSON."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file; a dash is standard input."""
        parser.add_argument("file", metavar="FILE", help="a scenario as JSON; - reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what the scenario comes to; errors in it one a line, with exit status 2."""
        try:
            found = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text("utf-8")
            content = json.loads(found)
        except (OSError, ValueError) as error:
            reason = _("%(file)s can't be read: %(error)s") % {"file": options["file"], "error": error}
            raise CommandError(reason, returncode=2) from None
        try:
            result = simulate(scenario_from(content))
        except BadScenario as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
