"""The brake on mass effects, and which notices the clock wrote."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds them; notices of before count as written by people."""

    dependencies = [
        ("orgs", "0003_sending_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brake",
            fields=[
                ("step", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("held_at", models.DateTimeField(null=True)),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("examples", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["step"],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="by_clock",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("by_clock", True)), fields=["created_at"], name="notice_by_clock"
            ),
        ),
        migrations.AddField(
            model_name="brake",
            name="released_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
