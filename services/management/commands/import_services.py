"""manage.py import_services FILE: bring content in."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services.exchange.exporting import files_folder
from services.exchange.importing import BadFile, Report, import_file
from services.files import NotKept


class Command(BaseCommand):
    """Imports an exchange file (docs/exchange-format.md). Idempotent; a bad file changes nothing."""

    help = "Import services and what they refer to from an exchange file (docs/exchange-format.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the choice of only trying."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        """Import, tell what was done, and end with an error where something was refused."""
        try:
            content = json.loads(file.read_bytes())
        except OSError as error:
            raise CommandError(
                _("The file %(file)s can't be read: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CommandError(
                _("%(file)s is not JSON: %(reason)s") % {"file": file, "reason": error}
            ) from error
        try:
            report = import_file(content, files=files_folder(file), dry_run=dry_run, progress=self._progress)
        except BadFile as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                _("%(count)s errors. Nothing was changed.") % {"count": len(error.problems)}
            ) from error
        except NotKept as error:
            message = _("A file can't be written into the storage of attachments. Nothing was changed.")
            raise CommandError(message) from error
        self._tell(report, dry_run)

    def _progress(self, done: int, total: int) -> None:
        if self.stdout.isatty() and (done % 10 == 0 or done == total):
            self.stdout.write(f"\r{done}/{total}", ending="\n" if done == total else "")

    def _tell(self, report: Report, dry_run: bool) -> None:
        counts = {
            "created": len(report.created),
            "changed": len(report.changed),
            "unchanged": len(report.unchanged),
            "refused": len(report.refused),
        }
        self.stdout.write(
            _("Services: %(created)s new, %(changed)s changed, %(unchanged)s as before, %(refused)s refused.")
            % counts
        )
        if dry_run:
            self.stdout.write(_("This was only a try: nothing was kept."))
        for problem in report.refused:
            self.stderr.write(str(problem))
        if report.refused:
            raise CommandError(_("Some services were refused; they are as they were before."))
