"""Events tell of responsibility that moves to another partner."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two kinds of events more."""

    dependencies = [
        ("workflow", "0009_brought_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "began a draft"),
                    ("submitted", "submitted the content for review"),
                    ("resubmitted", "submitted the content again"),
                    ("languages_added", "took more languages into the review"),
                    ("returned", "returned the content to the provider"),
                    ("recalled", "took the content back into review"),
                    ("paused", "stopped the clock"),
                    ("pause_accepted", "accepted the reason for stopping the clock"),
                    ("pause_refused", "did not accept the reason for stopping the clock"),
                    ("resumed", "started the clock again"),
                    ("lengthened", "took the longer terms: the instructions need clarification"),
                    ("longer_refused", "refused the longer terms"),
                    ("overdue_undone", "The run is not overdue any more: its due date has moved"),
                    ("estimated", "told the provider that publication takes longer"),
                    ("accepted", "accepted the responsibility for the service"),
                    ("moved", "moved the responsibility for the service"),
                    ("move_undone", "undid the move of the responsibility"),
                    ("passed_on", "passed the service on to another partner"),
                    ("taken", "took the content to read"),
                    ("given_back", "gave the content back for others to read"),
                    ("section_confirmed", "confirmed an internal section"),
                    ("along", "decided to publish the changed instructions along"),
                    ("left", "left the changed instructions a draft"),
                    ("scheduled", "approved publication at a set time"),
                    ("unscheduled", "cancelled publication at a set time"),
                    ("published", "published"),
                    ("municipal_published", "published a municipality's own instructions"),
                    ("withdrawn", "withdrew the changes"),
                    ("brought_back", "took the withdrawn changes back as a draft"),
                    ("overdue", "The run became overdue"),
                    ("confirmed", "confirmed that the content is still valid"),
                    ("confirmed_back", "confirmed that the content is valid: it is public again"),
                    ("outdated", "The service became outdated"),
                    ("archived", "The service was archived"),
                    ("restored", "restored the service from the archive"),
                    ("version_taken", "took an earlier version as the draft"),
                ],
                max_length=20,
            ),
        ),
    ]
