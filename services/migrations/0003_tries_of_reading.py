"""How often a file was tried to be read whose time ran out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the count; what was given up for want of time so far is tried again, as it would be today."""

    dependencies = [("services", "0002_shape_of_documents")]

    operations = [
        migrations.AddField(
            model_name="attachmenttext",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunSQL(
            "UPDATE services_attachmenttext SET tries = 1 WHERE problem = 'time ran out'",
            migrations.RunSQL.noop,
        ),
    ]
