"""A pause says itself that it counts; it was reckoned from its days before, where nobody had decided."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F
from django.db.models.functions import TruncDate

_OTHER, _ZONE = "other", ZoneInfo("Europe/Helsinki")


def say_so(apps: Any, _schema_editor: Any) -> None:
    """Accept what was recorded on its first day for a reason of the agreement, in the history, too."""
    recorded = TruncDate("opened_at", tzinfo=_ZONE)
    for model in ("Pause", "HistoricalPause"):
        rows = apps.get_model("workflow", model).objects.exclude(reason=_OTHER)
        rows.filter(accepted=None, decided_by=None).annotate(recorded=recorded).filter(
            first_day__gte=F("recorded")
        ).update(accepted=True)


class Migration(migrations.Migration):
    """Write what was reckoned."""

    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.RunPython(say_so, migrations.RunPython.noop),
    ]
