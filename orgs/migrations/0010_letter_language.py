"""In which language a partner gets its letters: Finnish, unless it is said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The language of letters."""

    dependencies = [
        ("orgs", "0009_end_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalorganisation",
            name="letter_language",
            field=models.CharField(
                choices=[("fi", "Finnish"), ("sv", "Swedish")],
                default="fi",
                help_text="For a partner: the language of remarks, sanctions and invoices.",
                max_length=2,
                verbose_name="language of letters",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="letter_language",
            field=models.CharField(
                choices=[("fi", "Finnish"), ("sv", "Swedish")],
                default="fi",
                help_text="For a partner: the language of remarks, sanctions and invoices.",
                max_length=2,
                verbose_name="language of letters",
            ),
        ),
    ]
