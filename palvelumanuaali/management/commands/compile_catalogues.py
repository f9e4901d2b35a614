"""manage.py compile_catalogues: make the interface's words ready for use."""

from typing import Any

from django.core.management.base import BaseCommand

from palvelumanuaali import catalogues


class Command(BaseCommand):
    """Compiles the catalogues that changed."""

    help = "Compile the message catalogues that changed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile and name what was made."""
        for path in catalogues.compile_all():
            if options["verbosity"]:
                self.stdout.write(path.parent.parent.name)
