"""Whose an attachment is, for ever."""

import django.db.models.deletion
from django.db import migrations, models

_NAMED = " UNION ALL ".join(
    f"SELECT (item->>'id')::uuid AS id, service_id, '{audience}' AS audience, {at} AS at"  # noqa: S608  names of ours
    f" FROM services_{table}, jsonb_path_query({column}, '$.attachments[*]') AS item"
    for table, prefix, at in (
        ("serviceversion", "_document", "published_at"),
        ("historicalworkingcopy", "", "changed_at"),
        ("workingcopy", "", "changed_at"),
    )
    for audience in ("public", "internal")
    for column in (f"{audience}{prefix}",)
)
# Where two services have had one number, it is whose it was first.
_CLAIM = f"""
INSERT INTO services_attachment (id, service_id, audience)
SELECT DISTINCT ON (named.id) named.id, named.service_id, named.audience
FROM ({_NAMED}) AS named JOIN services_service ON services_service.id = named.service_id
ORDER BY named.id, named.at
"""  # noqa: S608  names of ours


class Migration(migrations.Migration):
    """Add the table, and give each attachment that there is to whose it is."""

    dependencies = [
        ("services", "0003_tries_of_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("audience", models.CharField(max_length=8)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="services.service"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_CLAIM, migrations.RunSQL.noop),
    ]
