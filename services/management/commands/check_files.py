"""manage.py check_files: read all stored files and tell what is wrong with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from services import files


class Command(BaseCommand):
    """Reads every stored file and tells those that are missing, changed, or named by nothing."""

    help = "Read every stored file; tell what is missing, cut off or changed, and what nothing names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each finding; end with an error where a file that something shows is wrong."""
        wrong = strays = 0
        for found in files.findings(thorough=True):
            stray = found.fault is files.Fault.STRAY
            strays += stray
            wrong += not stray
            line = f"{found.sha256}: {found.fault.label}" + (f" ({found.where})" if found.where else "")
            (self.stdout if stray else self.stderr).write(line)
        if wrong:
            raise CommandError(
                _("Files that are wrong: %(count)s. Bring them back from a backup, or attach them again.")
                % {"count": wrong}
            )
        self.stdout.write(_("All files are whole. Named by nothing: %(count)s.") % {"count": strays})
