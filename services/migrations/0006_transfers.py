"""One decision may make a partner responsible for many services, and be undone within a day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Transfer, and the rows of responsibility that are a part of one; none for those from before."""

    dependencies = [
        ("orgs", "0010_letter_language"),
        ("services", "0005_tracks_of_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("regional", "Regional"),
                            ("procurement", "Procurement"),
                            ("thematic", "Thematic"),
                            ("national", "National"),
                        ],
                        max_length=12,
                        verbose_name="basis",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("decision", models.CharField(max_length=500, verbose_name="decision")),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.organisation",
                        verbose_name="responsible partner",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer of responsibility",
                "verbose_name_plural": "transfers of responsibility",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="responsibility",
            name="transfer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="services.transfer",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="transfer_is_undone_by_someone",
            ),
        ),
    ]
