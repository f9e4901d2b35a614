"""Terms and shares hold from a day on: their rows, beside where they were until now."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import orgs.terms

_DECISION = {
    "blank": True,
    "help_text": "As it is found in the minutes, for example: Steering group 3/2026, § 4.",
    "max_length": 300,
    "verbose_name": "decision of the steering group",
}


class Migration(migrations.Migration):
    """Adds the rows and what points to them, empty."""

    dependencies = [
        ("orgs", "0004_brakes"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreedTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision", models.CharField(**_DECISION)),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided")),
                ("starts_on", models.DateField(verbose_name="holds from")),
                ("terms", orgs.terms.TermsField(verbose_name="terms")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed",
                        to="orgs.agreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "terms agreed on",
                "verbose_name_plural": "terms agreed on",
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "starts_on"), name="agreed_terms_one_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgreedTerms",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("decision", models.CharField(**_DECISION)),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided")),
                ("starts_on", models.DateField(verbose_name="holds from")),
                ("terms", orgs.terms.TermsField(verbose_name="terms")),
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
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="orgs.agreement",
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
                "verbose_name": "historical terms agreed on",
                "verbose_name_plural": "historical terms agreed on",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="costshare",
            name="agreed",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="orgs.agreedterms",
            ),
        ),
        migrations.AddField(
            model_name="historicalcostshare",
            name="agreed",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="orgs.agreedterms",
            ),
        ),
        migrations.AlterField(
            model_name="costshare",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="orgs.agreement"
            ),
        ),
    ]
