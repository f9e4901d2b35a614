"""manage.py check_translations: fail when a message lacks words in any language."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from palvelumanuaali import catalogues


class Command(BaseCommand):
    """Checks that fi, sv and en have words for every message and none that is not used."""

    help = "Check that no translation is missing."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """List what is missing and end with an error where anything is."""
        problems = [p for language in catalogues.languages() for p in catalogues.lacking(language)]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} translations to mend. Run: make messages")
