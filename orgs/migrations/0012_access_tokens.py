"""Access tokens of people and organisations, for the interface."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SCOPES = [
    ("read", "Read what I may read: work instructions, drafts"),
    ("write", "Write and submit services as I may"),
]


class Migration(migrations.Migration):
    """A hash of each secret, its scopes, and until when it opens anything."""

    dependencies = [
        ("orgs", "0011_data_protection"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="What it is for")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=_SCOPES, max_length=8), default=list, size=None
                    ),
                ),
                ("hashed", models.CharField(max_length=64, unique=True)),
                ("hint", models.CharField(max_length=4)),
                ("created_at", models.DateTimeField()),
                ("expires_on", models.DateField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_tokens",
                        to="orgs.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "access token",
                "verbose_name_plural": "access tokens",
                "ordering": ["-revoked_at", "-created_at", "pk"],
                "indexes": [models.Index(fields=["user", "organisation"], name="access_tokens_of")],
            },
        ),
    ]
