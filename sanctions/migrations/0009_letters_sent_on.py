"""Letters of sanctions can be sent on to who has the seat now."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """LetterCopy, append-only like the letters."""

    dependencies = [
        ("sanctions", "0008_handovers_reminded"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("held", models.CharField(max_length=200, verbose_name="seat")),
                ("at", models.DateTimeField()),
                ("sent_by", models.CharField(max_length=200)),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="sanctions.letter",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy of a letter",
                "verbose_name_plural": "copies of letters",
                "ordering": ["at", "pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lettercopy",
            trigger=pgtrigger.compiler.Trigger(
                name="rows_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",  # noqa: E501  as the package writes it
                    hash="4bb03e79c25400453b7dade2d73d5fb4f790a932",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rows_stay_605d4",
                    table="sanctions_lettercopy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lettercopy",
            trigger=pgtrigger.compiler.Trigger(
                name="table_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME; RETURN NULL;",
                    hash="9b188065b0fe6f79fe8689d668396c729462f016",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_table_stays_0c360",
                    table="sanctions_lettercopy",
                    when="BEFORE",
                ),
            ),
        ),
    ]
