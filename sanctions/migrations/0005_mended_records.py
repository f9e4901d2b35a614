"""Why the record of a meeting was mended: as long as it takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The reason of a change in the history of meetings and attendance."""

    dependencies = [
        ("sanctions", "0004_corrections"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalattendance",
            name="history_change_reason",
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name="historicalmeeting",
            name="history_change_reason",
            field=models.TextField(null=True),
        ),
    ]
