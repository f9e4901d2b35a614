"""Which reminder of an agreement's end was sent last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty: none was."""

    dependencies = [
        ("orgs", "0008_agreement_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="end_told",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalagreement",
            name="end_told",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
    ]
