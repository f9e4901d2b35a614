"""A version names the parts that were published with it."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """ServiceVersion.tracks; empty for those from before."""

    dependencies = [("services", "0004_attachments")]

    operations = [
        migrations.AddField(
            model_name="serviceversion",
            name="tracks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=9), default=list, size=None
            ),
        ),
    ]
