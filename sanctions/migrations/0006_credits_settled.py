"""A credit that came after the invoice is settled on a later one."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One more kind of row."""

    dependencies = [
        ("orgs", "0010_letter_language"),
        ("sanctions", "0005_mended_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="ledger_invoiced_has_its_invoice",
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sanction", "Sanction"),
                    ("credit", "Credit"),
                    ("invoiced", "Invoiced"),
                    ("settled", "Credit settled on an invoice"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "settled")), fields=("about",), name="ledger_settled_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["invoiced", "settled"]), _negated=True),
                    models.Q(("reference", ""), _negated=True),
                    _connector="OR",
                ),
                name="ledger_invoiced_has_its_invoice",
            ),
        ),
    ]
