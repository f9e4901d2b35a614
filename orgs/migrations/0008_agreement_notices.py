"""One more class of notices: what changes in the joint agreement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Choices of what a notice is about."""

    dependencies = [
        ("orgs", "0007_terms_of_agreements_gone"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="notice_class",
            field=models.CharField(
                choices=[
                    ("security", "Security and account"),
                    ("membership", "Roles and seats"),
                    ("organisation", "People of my organisation"),
                    ("pipeline", "Publication of services"),
                    ("freshness", "Keeping content fresh"),
                    ("requests", "Change requests"),
                    ("sanctions", "Remarks and sanctions"),
                    ("agreement", "The joint agreement"),
                ],
                max_length=16,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="noticechoice",
            name="notice_class",
            field=models.CharField(
                choices=[
                    ("security", "Security and account"),
                    ("membership", "Roles and seats"),
                    ("organisation", "People of my organisation"),
                    ("pipeline", "Publication of services"),
                    ("freshness", "Keeping content fresh"),
                    ("requests", "Change requests"),
                    ("sanctions", "Remarks and sanctions"),
                    ("agreement", "The joint agreement"),
                ],
                max_length=16,
            ),
        ),
    ]
