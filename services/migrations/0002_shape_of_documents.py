"""Rows say in which shape they keep a document; those that were there before keep the first."""

from django.db import migrations, models

import services.lifting

_TABLES = ("workingcopy", "historicalworkingcopy", "serviceversion")
_FIRST = 1


class Migration(migrations.Migration):
    """Add the number, then let new rows be of the newest shape."""

    dependencies = [("services", "0001_initial")]

    operations = [
        *(
            migrations.AddField(
                table, "shape", models.PositiveSmallIntegerField(default=_FIRST), preserve_default=False
            )
            for table in _TABLES
        ),
        *(
            migrations.AlterField(
                table, "shape", models.PositiveSmallIntegerField(default=services.lifting.current)
            )
            for table in _TABLES
        ),
    ]
