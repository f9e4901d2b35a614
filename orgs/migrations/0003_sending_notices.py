"""A notice is marked as being sent before it goes out, and has a Message-ID of its own."""

import uuid

from django.db import migrations, models

_STATES = [
    ("waiting", "Waiting"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Not delivered"),
    ("dropped", "Not needed any more"),
]


class Migration(migrations.Migration):
    """The earlier notices share one token: their numbers tell them apart."""

    dependencies = [("orgs", "0002_job")]
    operations = [
        migrations.RemoveIndex(model_name="notice", name="notice_waiting"),
        migrations.AddField("notice", "first_tried_at", models.DateTimeField(null=True)),
        migrations.AddField("notice", "token", models.UUIDField(default=uuid.uuid4, editable=False)),
        migrations.AlterField(
            "notice",
            "state",
            models.CharField(choices=_STATES, default="waiting", max_length=8, verbose_name="state"),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["not_before"],
                name="notice_in_the_outbox",
            ),
        ),
    ]
