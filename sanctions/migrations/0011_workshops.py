"""Workshops are planned before they are held, have material and notes, and contact persons who were there."""

from django.db import migrations, models

_TEXTS = {"material": "material before", "minutes": "notes after"}
_PRESENCE = models.CharField(
    choices=[
        ("member", "Member"),
        ("deputy", "Deputy"),
        ("substitute", "Substitute"),
        ("contact", "Contact person"),
        ("absent", "Absent"),
    ],
    max_length=10,
    verbose_name="present",
)
_FACILITATED = models.BooleanField(
    blank=True, default=True, null=True, verbose_name="the facilitator did its part"
)


class Migration(migrations.Migration):
    """Meeting.material and .minutes; .facilitated may be unknown; one more way of being present."""

    dependencies = [("sanctions", "0010_discussions")]

    operations = [
        *(
            migrations.AddField(
                model, name, models.TextField(blank=True, max_length=20000, verbose_name=label)
            )
            for model in ("historicalmeeting", "meeting")
            for name, label in _TEXTS.items()
        ),
        *(
            migrations.AlterField(model, "presence", _PRESENCE)
            for model in ("attendance", "historicalattendance")
        ),
        *(
            migrations.AlterField(model, "facilitated", _FACILITATED)
            for model in ("historicalmeeting", "meeting")
        ),
    ]
