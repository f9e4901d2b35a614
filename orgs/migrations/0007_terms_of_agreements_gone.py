"""Terms and shares are no longer kept with the agreement itself."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes away where they were."""

    dependencies = [
        ("orgs", "0006_terms_from_the_first_day"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="costshare", name="cost_share_once_a_partner"),
        migrations.AlterModelOptions(
            name="costshare",
            options={
                "ordering": ["agreed", "partner"],
                "verbose_name": "cost share",
                "verbose_name_plural": "cost shares",
            },
        ),
        migrations.RemoveField(model_name="costshare", name="agreement"),
        migrations.RemoveField(model_name="historicalcostshare", name="agreement"),
        migrations.AlterField(
            model_name="costshare",
            name="agreed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="orgs.agreedterms"
            ),
        ),
        migrations.AddConstraint(
            model_name="costshare",
            constraint=models.UniqueConstraint(
                fields=("agreed", "partner"), name="cost_share_once_a_partner"
            ),
        ),
        migrations.RemoveField(model_name="agreement", name="terms"),
        migrations.RemoveField(model_name="historicalagreement", name="terms"),
    ]
