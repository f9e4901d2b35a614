"""Why days of a season that were over were changed: as long as it takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The reason of a change in the history of seasons."""

    dependencies = [
        ("workflow", "0007_languages_added"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalholidayseason",
            name="history_change_reason",
            field=models.TextField(null=True),
        ),
    ]
