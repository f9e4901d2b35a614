"""manage.py export_services FILE: take the whole manual out."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services.exchange.exporting import WrongFile, as_bytes, copy_attachments, export_content, files_folder


class Command(BaseCommand):
    """Exports everything as one exchange file, attachments in a folder beside it."""

    help = "Export all content, internal content included, to an exchange file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write the file by way of a temporary one, so that a broken export leaves no half file."""
        content = export_content()
        unfinished = file.with_name(file.name + ".unfinished")
        try:
            count = copy_attachments(content, files_folder(file))
            unfinished.write_bytes(as_bytes(content))
            unfinished.replace(file)
        except WrongFile as error:
            message = _(
                "%(name)s is missing from the storage of attachments, or is not the file that was kept."
                " Nothing was exported. `manage.py check_files` tells all such files."
            )
            raise CommandError(message % {"name": error.name}) from error
        except OSError as error:
            raise CommandError(
                _("The file %(file)s can't be written: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        self.stdout.write(
            _("Exported %(services)s services and %(files)s attachments to %(file)s.")
            % {"services": len(content["services"]), "files": count, "file": file}
        )
