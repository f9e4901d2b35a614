"""Which decision of the steering group a decision carries out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds it, empty."""

    dependencies = [
        ("sanctions", "0006_credits_settled"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="steering",
            field=models.CharField(blank=True, max_length=300, verbose_name="decision of the steering group"),
        ),
    ]
