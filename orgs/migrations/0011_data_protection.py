"""Each partner, as a controller, has a contact in matters of data protection."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The e-mail for it; empty for those from before, whose own e-mail is given."""

    dependencies = [
        ("orgs", "0010_letter_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalorganisation",
            name="data_protection",
            field=models.EmailField(
                blank=True,
                help_text="For a partner. Left empty, the page on data protection gives the e-mail.",
                max_length=254,
                verbose_name="e-mail in matters of data protection",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="data_protection",
            field=models.EmailField(
                blank=True,
                help_text="For a partner. Left empty, the page on data protection gives the e-mail.",
                max_length=254,
                verbose_name="e-mail in matters of data protection",
            ),
        ),
    ]
