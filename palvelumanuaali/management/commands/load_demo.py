"""manage.py load_demo: the demo's content and people, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from palvelumanuaali.demo import loading


class Command(BaseCommand):
    """Loads the demo content into an empty database; does nothing where it is loaded already."""

    help = "Load the demo content and people, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load with progress, all or nothing."""
        if not settings.DEMO:
            raise CommandError(
                _("The demo's passwords are known to all, so it is loaded only where DEMO=true is set.")
            )
        if loading.is_loaded():
            self.stdout.write(_("The demo content is in place."))
            return
        report = loading.load(progress=self._progress)
        self.stdout.write(_("Demo content loaded: %(count)s services.") % {"count": len(report.created)})

    def _progress(self, done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            self.stdout.write(f"  {done}/{total}")
            self.stdout.flush()
