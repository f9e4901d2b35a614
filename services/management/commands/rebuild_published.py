"""manage.py rebuild_published: make the read model again from the versions."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from services.publishing import rebuild


class Command(BaseCommand):
    """Rebuilds the read model; what is right stays untouched."""

    help = "Rebuild the public read model from the newest versions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and tell how much changed."""
        change = rebuild()
        self.stdout.write(
            _("Rows written: %(written)s, removed: %(removed)s.")
            % {"written": change.written, "removed": change.removed}
        )
