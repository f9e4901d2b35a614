"""manage.py update_catalogues: gather the messages in use into locale/."""

from typing import Any

from django.core.management.base import BaseCommand

from palvelumanuaali import catalogues


class Command(BaseCommand):
    """Adds new messages to every catalogue, removes those no longer used, and compiles."""

    help = "Bring the message catalogues up to date and compile them."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Update, and tell how many messages still need words."""
        for language in catalogues.languages():
            catalogues.update(language)
            self.stdout.write(f"{language}: {len(catalogues.lacking(language))}")
        catalogues.compile_all()
