"""Tells the open runs apart by what they carry: public information, the instructions, or both.

A run that carried both stays one of the public track, with the instructions along as before, and the
instructions get a draft of their own beside it. What a municipality wrote that is not in the newest
version becomes a draft of that municipality, in the name of who wrote it.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import migrations

from services import lifting

_OPEN = ("drafting", "in_review", "waiting")
_AT_ONCE = 200


def by_track(apps: Any, _schema_editor: Any) -> None:
    """Give every run its writers, and every open draft its track."""
    run_model = apps.get_model("workflow", "Run")
    written = run_model.writers.through
    pairs = {
        (run, person)
        for run, *people in run_model.objects.values_list("pk", "opened_by", "submitted_by")
        for person in people
        if person is not None
    }
    written.objects.bulk_create(
        [written(run_id=run, user_id=person) for run, person in sorted(pairs)], batch_size=1000
    )
    for copy, version in _drafts(apps):
        working, published = _sections(copy, ""), _sections(version, "_document") if version else None
        for run in run_model.objects.filter(service_id=copy.service_id, state__in=_OPEN, track="public"):
            _split(run, working, published)
        _municipalities(apps, copy, working, published)


def _drafts(apps: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each working copy with the newest version of its service."""
    copies = apps.get_model("services", "WorkingCopy").objects.select_related("service").order_by("pk")
    versions = apps.get_model("services", "ServiceVersion").objects
    for copy in copies.iterator(chunk_size=_AT_ONCE):
        yield copy, versions.filter(service=copy.service_id, number=copy.service.version_number).first()


def _sections(row: Any, suffix: str) -> dict[str, Any]:
    names = ("public", "internal", "editors")
    return lifting.lifted({name: getattr(row, f"{name}{suffix}") for name in names}, row.shape)


def _common(document: dict[str, Any] | None) -> list[Any]:
    if document is None:
        return []
    return [{**document["internal"], "municipal": None}, document["editors"]]


def _has_instructions(document: dict[str, Any]) -> bool:
    kept = {**document["internal"], "municipal": None}
    return any(value not in (None, "", [], {}, False) for value in kept.values())


def _split(run: Any, working: dict[str, Any], published: dict[str, Any] | None) -> None:
    changed = _has_instructions(working) if published is None else _common(working) != _common(published)
    if not changed:
        return
    public = published is None or working["public"] != published["public"]
    if not public and run.state == "drafting":
        run.track = "internal"
        run.publish_at = run.approved_by = run.approved_revision = None
        run.save()
        return
    run.with_instructions = True
    run.save()
    _begin(run.service_id, run.kind, run.opened_by_id, run.opened_at, type(run), track="internal")


def _begin(service: int, kind: str, by: int, at: datetime.datetime, model: Any, **part: Any) -> None:
    made = model.objects.create(
        service_id=service, kind=kind, state="drafting", languages=["fi"], opened_by_id=by, opened_at=at,
        **part,
    )  # fmt: skip
    made.writers.add(by)


def _municipalities(apps: Any, copy: Any, working: dict[str, Any], published: dict[str, Any] | None) -> None:
    now = working["internal"]["municipal"]
    then = published["internal"]["municipal"] if published else {}
    codes = [code for code in sorted({*now, *then}) if now.get(code) != then.get(code)]
    events = apps.get_model("workflow", "Event").objects.filter(
        service=copy.service_id, kind="municipal_published", actor__isnull=False
    )
    for code in codes:
        event = events.filter(detail__municipality=code).order_by("-at").first()
        municipality = apps.get_model("orgs", "Municipality").objects.filter(code=code).first()
        if event is not None and municipality is not None:
            kind = "update" if published else "new"
            _begin(
                copy.service_id, kind, event.actor_id, event.at, apps.get_model("workflow", "Run"),
                track="municipal", municipality=municipality,
            )  # fmt: skip


class Migration(migrations.Migration):
    """Changes open runs and writers only; nothing that is closed."""

    dependencies = [("workflow", "0003_two_tracks")]

    operations = [migrations.RunPython(by_track, migrations.RunPython.noop)]
