"""A discussion about a handover says when and with whom it was held."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Decision.held_on and held_with; empty for those from before."""

    dependencies = [
        ("sanctions", "0009_letters_sent_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="held_on",
            field=models.DateField(blank=True, null=True, verbose_name="day of the discussion"),
        ),
        migrations.AddField(
            model_name="decision",
            name="held_with",
            field=models.CharField(blank=True, max_length=200, verbose_name="with whom"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_on", None), models.Q(("held_with", ""), _negated=True), _connector="XOR"
                ),
                name="decision_discussion_is_whole",
            ),
        ),
    ]
