"""When the two of a handover were reminded that it is due soon."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds it, empty."""

    dependencies = [
        ("sanctions", "0007_steering_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="reminded_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalhandover",
            name="reminded_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
