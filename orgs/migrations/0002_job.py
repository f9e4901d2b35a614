"""The last run of each job is a row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the table; `orgs.jobs.expect_all` adds the jobs."""

    dependencies = [("orgs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "name",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="job"),
                ),
                ("expected_since", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True, verbose_name="begun")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="done")),
                ("failures", models.JSONField(default=list)),
            ],
            options={"ordering": ["name"]},
        ),
    ]
