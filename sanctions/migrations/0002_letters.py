"""Letters, and what a case says of itself as it was opened; older cases get their words in a sweep."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds them."""

    dependencies = [
        ("orgs", "0010_letter_language"),
        ("sanctions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="as_opened",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="historicalcase",
            name="as_opened",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("remark", "Remark"),
                            ("sanction", "Sanction"),
                            ("discussion", "Discussion"),
                            ("exemption", "Exemption"),
                            ("put_right", "Put right"),
                            ("void", "Ground fell away"),
                            ("credit", "Credit"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField()),
                (
                    "language",
                    models.CharField(
                        choices=[("fi", "Finnish"), ("sv", "Swedish")], max_length=2, verbose_name="language"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("sender", models.CharField(max_length=200, verbose_name="sender")),
                ("recipient", models.CharField(max_length=200, verbose_name="partner")),
                ("signed", models.CharField(max_length=300, verbose_name="decided by")),
                ("blocks", models.JSONField()),
                ("recipients", models.JSONField(verbose_name="recipients")),
                ("pdf", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="sanctions.case",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="sanctions.decision",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter",
                        to="sanctions.ledgerentry",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="orgs.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["year", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="letter_number_is_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("decision", None), ("entry", None), _connector="XOR"),
                        name="letter_tells_one_thing",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="rows_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",  # noqa: E501  as the package writes it
                    hash="f1db06db9d20bd091c1a1756e0739abe5b24bf5a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rows_stay_d6256",
                    table="sanctions_letter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="table_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME; RETURN NULL;",
                    hash="faa7c74d42b9aeef87848343c4bfa948f701b76c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_table_stays_500d6",
                    table="sanctions_letter",
                    when="BEFORE",
                ),
            ),
        ),
    ]
