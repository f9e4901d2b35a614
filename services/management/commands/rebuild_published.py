"""manage.py rebuild_published: make the read model again from the versions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from orgs import jobs
from services.publishing import rebuild


class Command(BaseCommand):
    """Rebuilds the read model; what is right stays untouched."""

    help = "Rebuild the public read model from the newest versions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild and tell how much changed; end with an error where a service could not be made."""
        with jobs.collecting() as failures:
            change = rebuild()
        self.stdout.write(
            _("Rows written: %(written)s, removed: %(removed)s.")
            % {"written": change.written, "removed": change.removed}
        )
        if failures:
            named = "; ".join(f"{one.thing} ({one.error})" for one in failures)
            raise CommandError(_("These could not be made, the rest was: %(named)s") % {"named": named})
