"""What becomes of published services is noted, for those who follow the interface's feed."""

from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_KINDS = [
    ("published", "Published"),
    ("changed", "Changed"),
    ("outdated", "Outdated"),
    ("archived", "Archived"),
]


def _noted(name: str, *, kind: str, service: str, **more: Any) -> pgtrigger.compiler.Trigger:
    """Return the trigger that notes a change of the service in the column `service`, as it is from here."""
    func = (
        "INSERT INTO services_servicechange AS noted (service_id, kind, written_by, at) VALUES"  # noqa: S608
        f" (NEW.{service}, {kind}, pg_current_xact_id()::text::bigint, now())"
        " ON CONFLICT (service_id, written_by) DO UPDATE SET kind ="
        " CASE WHEN noted.kind = 'published' AND EXCLUDED.kind = 'changed'"
        " THEN noted.kind ELSE EXCLUDED.kind END; RETURN NULL;"
    )
    sql = pgtrigger.compiler.UpsertTriggerSql(func=func, when="AFTER", **more)
    return pgtrigger.compiler.Trigger(name=name, sql=sql)


class Migration(migrations.Migration):
    """A row for each service and transaction, written by triggers."""

    dependencies = [
        ("services", "0007_service_uuid"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=_KINDS, max_length=12)),
                ("written_by", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_changes",
                        to="services.service",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddIndex(
            model_name="servicechange",
            index=models.Index(fields=["written_by"], name="service_changes_by_transaction"),
        ),
        migrations.AddConstraint(
            model_name="servicechange",
            constraint=models.UniqueConstraint(
                fields=("service", "written_by"), name="service_changes_once_a_transaction"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publishedservice",
            trigger=_noted(
                "becomes_public",
                operation="INSERT",
                kind="'published'",
                service="service_id",
                table="services_publishedservice",
                pgid="pgtrigger_becomes_public_7df8c",
                hash="6a14e084ddc75ad78da5ef095696e71028d7d21f",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publishedservice",
            trigger=_noted(
                "says_otherwise",
                operation="UPDATE",
                kind="'changed'",
                service="service_id",
                table="services_publishedservice",
                pgid="pgtrigger_says_otherwise_7b026",
                hash="e7afe6fba46e9d88f81c0b21c1e97f177c64be78",
                condition=(
                    'WHEN (OLD."document" IS DISTINCT FROM (NEW."document")'
                    ' OR OLD."slug" IS DISTINCT FROM (NEW."slug")'
                    ' OR OLD."published_at" IS DISTINCT FROM (NEW."published_at"))'
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="service",
            trigger=_noted(
                "life_ends",
                operation="UPDATE",
                kind="NEW.status",
                service="id",
                table="services_service",
                pgid="pgtrigger_life_ends_bafcc",
                hash="37ba9d2923db3319979ec4176dd7c5b7f450c69b",
                condition=(
                    "WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('outdated', 'archived')"
                    " AND NEW.first_published_at IS NOT NULL)"
                ),
            ),
        ),
    ]
