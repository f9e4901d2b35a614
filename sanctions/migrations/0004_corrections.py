"""Corrections of what was given, and what is decided and told of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds them."""

    dependencies = [
        ("sanctions", "0003_names_and_mails_on_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("given", "accepted the proposal"),
                    ("postponed", "postponed the proposal"),
                    ("exempted", "exempted the partner"),
                    ("put_right", "closed the case as put right"),
                    ("groundless", "closed the case: its ground fell away"),
                    ("to_steering", "took the case to the steering group"),
                    ("corrected", "corrected what had been given"),
                    ("reopened", "opened the case again"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("remark", "Remark"),
                    ("sanction", "Sanction"),
                    ("discussion", "Discussion"),
                    ("exemption", "Exemption"),
                    ("put_right", "Put right"),
                    ("void", "Ground fell away"),
                    ("credit", "Credit"),
                    ("correction", "Correction"),
                    ("reopening", "Opened again"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalCorrection",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "void",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first", "First remark"),
                                ("second", "Second remark"),
                                ("third", "Third remark and sanction"),
                                ("sanction", "Sanction"),
                                ("discussion", "Discussion"),
                                ("remark", "Remark"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        size=None,
                    ),
                ),
                ("credits", models.BooleanField()),
                ("found", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("given", "made"),
                            ("refused", "refused"),
                            ("lapsed", "lapsed"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_on", models.DateField(verbose_name="proposed")),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="grounds")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sanctions.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical correction",
                "verbose_name_plural": "historical corrections",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "void",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first", "First remark"),
                                ("second", "Second remark"),
                                ("third", "Third remark and sanction"),
                                ("sanction", "Sanction"),
                                ("discussion", "Discussion"),
                                ("remark", "Remark"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        size=None,
                    ),
                ),
                ("credits", models.BooleanField()),
                ("found", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("given", "made"),
                            ("refused", "refused"),
                            ("lapsed", "lapsed"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_on", models.DateField(verbose_name="proposed")),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="grounds")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="sanctions.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["case", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("case",),
                        name="correction_one_proposed_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="correction_refused_for_a_reason",
                    ),
                ],
            },
        ),
    ]
