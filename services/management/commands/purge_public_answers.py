"""manage.py purge_public_answers: have every web process make its public answers anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from services.answers import purging


class Command(BaseCommand):
    """Tells every web process to drop all public answers that it keeps."""

    help = "Have every web process drop the public answers that it keeps."

    def handle(self, *args: Any, **options: Any) -> None:
        """Note a change of everything; those who follow hear of it at once."""
        purging.purge(by=None)
        self.stdout.write(_("Every web process drops its public answers."))
