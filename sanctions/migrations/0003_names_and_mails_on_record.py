"""What the record of cases keeps of people who were anonymised and of notices that were forgotten."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds both, empty."""

    dependencies = [
        ("orgs", "0010_letter_language"),
        ("sanctions", "0002_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameOnRecord",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="name_on_record",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
            ],
            options={
                "verbose_name": "name on record",
                "verbose_name_plural": "names on record",
            },
        ),
        migrations.CreateModel(
            name="MailOnRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notice", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField(verbose_name="sent")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("recipient", models.CharField(max_length=254, verbose_name="recipient")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="sanctions.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail on record",
                "verbose_name_plural": "mails on record",
                "ordering": ["case", "at", "pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nameonrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="rows_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",  # noqa: E501  as the package writes it
                    hash="2fa878285048d1ea81e5d5f326b397a60aebf9a2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rows_stay_80096",
                    table="sanctions_nameonrecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="nameonrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="table_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME; RETURN NULL;",
                    hash="d03baf9309dc1a851fe063655850e02e7445103e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_table_stays_8f634",
                    table="sanctions_nameonrecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="mailonrecord",
            constraint=models.UniqueConstraint(fields=("case", "notice"), name="mail_on_record_once_a_case"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mailonrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="rows_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",  # noqa: E501  as the package writes it
                    hash="f474f60f889b1e59dcbbc677e65c04a99c705086",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rows_stay_cbdba",
                    table="sanctions_mailonrecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mailonrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="table_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME; RETURN NULL;",
                    hash="a75cbd92d156de99621a81cd8c1550e8aa35c4a9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_table_stays_a2dff",
                    table="sanctions_mailonrecord",
                    when="BEFORE",
                ),
            ),
        ),
    ]
