"""Runs are of one part of a service: public, internal, or a municipality's own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Run.track, its municipality, its writers; a version may be of two runs."""

    dependencies = [
        ("orgs", "0004_brakes"),
        ("services", "0005_tracks_of_versions"),
        ("workflow", "0002_pauses_that_count"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="run",
            name="run_one_open_a_service",
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="orgs.municipality",
            ),
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="track",
            field=models.CharField(
                choices=[
                    ("public", "Public information"),
                    ("internal", "Work instructions"),
                    ("municipal", "A municipality's own instructions"),
                ],
                default="public",
                max_length=9,
                verbose_name="part",
            ),
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="with_instructions",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="municipality",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgs.municipality",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="track",
            field=models.CharField(
                choices=[
                    ("public", "Public information"),
                    ("internal", "Work instructions"),
                    ("municipal", "A municipality's own instructions"),
                ],
                default="public",
                max_length=9,
                verbose_name="part",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="with_instructions",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="writers",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "began a draft"),
                    ("submitted", "submitted the content for review"),
                    ("resubmitted", "submitted the content again"),
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
                    ("withdrawn", "withdrew the content"),
                    ("overdue", "The run became overdue"),
                    ("confirmed", "confirmed that the content is still valid"),
                    ("outdated", "The service became outdated"),
                    ("archived", "The service was archived"),
                    ("restored", "restored the service from the archive"),
                    ("version_taken", "took an earlier version as the draft"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="services.serviceversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("drafting", "in_review", "waiting"))),
                fields=("service", "track", "municipality"),
                name="run_one_open_a_part",
                nulls_distinct=False,
                violation_error_message="The service has an open run already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("track", "municipal"), ("municipality", None), _connector="XOR"),
                name="run_of_a_municipality_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("track", "public"),
                    models.Q(("publish_at", None), ("submitted_at", None)),
                    _connector="OR",
                ),
                name="run_of_instructions_has_no_review",
            ),
        ),
    ]
