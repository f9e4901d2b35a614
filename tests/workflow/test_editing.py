"""Saving a working copy: whose is what, and nobody's words lost."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from orgs import clock
from orgs.models import Municipality
from services import working_copy
from services.changes import BadChanges
from services.documents import SHAPE, municipal_text, text
from services.fields import Audience
from services.models import PublishedService, Service, ServiceVersion, WorkingCopy
from services.shape import Path, values_of
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, at, on
from workflow import editing
from workflow.actions import municipal, reviewing
from workflow.models import Run
from workflow.sweep import sweep

PAID = ("public", "paid")
PRICE = ("public", "price")
NAME = text(Audience.PUBLIC, "fi", "name")


def value(pipeline: Pipeline, path: Path) -> object:
    return values_of(working_copy.read(pipeline.service), SHAPE).get(path)


def test_a_saving_changes_only_what_differs_and_says_who_did_it(pipeline: Pipeline) -> None:
    values = {SUMMARY: "Uusi tiivistelmä.", NAME: value(pipeline, NAME)}
    saved = editing.save(pipeline.service, values, by=pipeline.provider, base=1)
    assert saved.changed == (SUMMARY,)
    newest = WorkingCopy.objects.get()
    assert (newest.revision, newest.changed_by) == (2, pipeline.provider)


def test_saving_the_same_again_is_no_revision(pipeline: Pipeline) -> None:
    pipeline.write("Uusi tiivistelmä.")
    saved = editing.save(pipeline.service, {SUMMARY: "Uusi tiivistelmä."}, by=pipeline.provider, base=2)
    assert (saved.revision, saved.changed) == (2, ())


def test_two_who_change_different_values_both_keep_theirs(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {SUMMARY: "Tuottajan sana."}, by=pipeline.provider, base=1)
    values = {SUMMARY: "Puhut suomea rennossa ryhmässä.", NAME: "Kahvila"}
    assert not editing.save(pipeline.service, values, by=pipeline.partner, base=1).conflicts
    assert (value(pipeline, SUMMARY), value(pipeline, NAME)) == ("Tuottajan sana.", "Kahvila")


def test_two_who_change_the_same_value_are_asked(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {SUMMARY: "Tuottajan sana."}, by=pipeline.provider, base=1)
    values = {SUMMARY: "Kunnan sana.", NAME: "Kahvila"}
    saved = editing.save(pipeline.service, values, by=pipeline.partner, base=1)
    (conflict,) = saved.conflicts
    assert (conflict.was, conflict.mine, conflict.theirs, conflict.by) == (
        "Puhut suomea rennossa ryhmässä.", "Kunnan sana.", "Tuottajan sana.", pipeline.provider,
    )  # fmt: skip
    assert value(pipeline, NAME) == "Kielikahvila", "nothing of a saving that must be asked about is written"
    assert not editing.save(pipeline.service, values, by=pipeline.partner, base=saved.revision).conflicts
    assert value(pipeline, SUMMARY) == "Kunnan sana."


def test_a_revision_that_is_no_longer_kept_asks_rather_than_overwrites(pipeline: Pipeline) -> None:
    pipeline.write("Tuottajan sana.")
    pipeline.write("Tuottajan toinen sana.")
    WorkingCopy.history.filter(revision=2).delete()
    saved = editing.save(pipeline.service, {SUMMARY: "Kunnan sana."}, by=pipeline.partner, base=2)
    assert [conflict.theirs for conflict in saved.conflicts] == ["Tuottajan toinen sana."]


def test_a_provider_writes_public_information_only(pipeline: Pipeline) -> None:
    with pytest.raises(PermissionDenied):
        editing.save(pipeline.service, {GUIDANCE: "<p>Ohje.</p>"}, by=pipeline.provider, base=1)
    assert (pipeline.revision, Run.objects.count()) == (1, 0)


def test_what_is_wrong_opens_no_run(pipeline: Pipeline) -> None:
    with pytest.raises(BadChanges, match=r"public\.needs"):
        editing.save(pipeline.service, {("public", "needs"): ["x"]}, by=pipeline.provider, base=1)
    with pytest.raises(BadChanges, match=r"public\.secret"):
        editing.save(pipeline.service, {("public", "secret"): 1}, by=pipeline.provider, base=1)
    assert not Run.objects.exists()


def test_a_service_that_becomes_free_has_no_price_any_more(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {PAID: True, PRICE: "12.00"}, by=pipeline.provider, base=1)
    assert value(pipeline, PRICE) == "12.00"
    editing.save(pipeline.service, {PAID: False, PRICE: "12.00"}, by=pipeline.provider, base=2)
    assert value(pipeline, PRICE) is None


@pytest.fixture
def espoo_part(pipeline: Pipeline) -> Path:
    return municipal_text("049", "fi", "guidance")


def test_a_municipalitys_own_part_is_published_as_it_is_saved(pipeline: Pipeline, espoo_part: Path) -> None:
    espoo = Municipality.objects.get(code="049")
    run = pipeline.submit()
    wanted = {espoo_part: "<p>Espoossa näin.</p>"}
    base = pipeline.revision
    assert municipal.save(pipeline.service, espoo, wanted, by=pipeline.partner, base=base).changed
    version = ServiceVersion.objects.latest("number")
    assert version.internal_document["municipal"]["049"]["fi"]["guidance"] == "<p>Espoossa näin.</p>"
    assert version.public_document == ServiceVersion.objects.get(number=1).public_document
    run.refresh_from_db()
    assert run.is_open, "the service's own run goes on"
    assert not municipal.save(pipeline.service, espoo, wanted, by=pipeline.partner, base=base).changed
    other = {espoo_part: "<p>Espoossa toisin.</p>"}
    asked = municipal.save(pipeline.service, espoo, other, by=at("espoo", "main_user"), base=base)
    assert [(one.mine, one.theirs, one.by) for one in asked.conflicts] == [
        ("<p>Espoossa toisin.</p>", "<p>Espoossa näin.</p>", pipeline.partner)
    ]


def test_a_municipalitys_part_is_no_update_to_visitors(pipeline: Pipeline, espoo_part: Path) -> None:
    before = PublishedService.objects.get(service=pipeline.service, language="fi")
    with on("2026-12-01"):
        espoo = Municipality.objects.get(code="049")
        municipal.save(
            pipeline.service, espoo, {espoo_part: "<p>Näin.</p>"}, by=pipeline.partner, base=pipeline.revision
        )
    after = PublishedService.objects.get(service=pipeline.service, language="fi")
    assert after.number == before.number + 1
    assert (after.document["updated_on"], after.published_at) == (
        before.document["updated_on"], before.published_at,
    )  # fmt: skip


def test_a_municipalitys_part_is_written_by_its_own_partner(pipeline: Pipeline, espoo_part: Path) -> None:
    vantaa = Municipality.objects.get(code="092")
    with pytest.raises(PermissionDenied):
        municipal.save(pipeline.service, vantaa, {}, by=pipeline.partner, base=1)
    with pytest.raises(PermissionDenied):
        municipal.save(
            pipeline.service, Municipality.objects.get(code="049"), {}, by=pipeline.provider, base=1
        )
    with pytest.raises(KeyError):
        municipal.save(
            pipeline.service,
            Municipality.objects.get(code="049"),
            {GUIDANCE: "x"},
            by=pipeline.partner,
            base=1,
        )


def test_an_expert_writes_nothing(pipeline: Pipeline) -> None:
    with pytest.raises(PermissionDenied):
        editing.save(pipeline.service, {SUMMARY: "x"}, by=at("espoo", "expert"), base=1)
    assert Service.objects.get(pk=pipeline.service.pk).status == "published"


def test_a_municipalitys_part_leaves_a_publication_at_a_set_time_as_it_was_approved(
    pipeline: Pipeline, espoo_part: Path
) -> None:
    run = pipeline.submit()
    pipeline.confirm()
    later = clock.now() + datetime.timedelta(hours=2)
    reviewing.schedule(run, by=pipeline.partner, at=later, revision=pipeline.revision)
    espoo = Municipality.objects.get(code="049")
    municipal.save(
        pipeline.service, espoo, {espoo_part: "<p>Näin.</p>"}, by=pipeline.partner, base=pipeline.revision
    )
    with on("2026-11-24"):
        assert sweep().published == ["kielikahvila"]
    newest = ServiceVersion.objects.latest("number")
    assert newest.internal_document["municipal"]["049"]["fi"]["guidance"] == "<p>Näin.</p>"
