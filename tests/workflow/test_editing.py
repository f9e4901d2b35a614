"""Saving a working copy: whose is what, and nobody's words lost."""

import pytest
from django.core.exceptions import PermissionDenied

from orgs.models import Municipality
from services.fields import Audience
from services.models import Service, ServiceVersion
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, at
from workflow import editing, edits, paths, working_copy
from workflow.actions import municipal
from workflow.models import FieldChange
from workflow.paths import Path

PAID = Path(Audience.PUBLIC, "paid")
PRICE = Path(Audience.PUBLIC, "price")
PRODUCERS = Path(Audience.PUBLIC, "producers")


def value(pipeline: Pipeline, path: Path) -> object:
    return paths.value_at(paths.values_of(working_copy.read(pipeline.service)), path)


def test_a_saving_changes_only_what_differs_and_says_who_did_it(pipeline: Pipeline) -> None:
    same = value(pipeline, paths.text(Audience.PUBLIC, "fi", "name"))
    values = {SUMMARY: "Uusi tiivistelmä.", paths.text(Audience.PUBLIC, "fi", "name"): same}
    saved = editing.save(pipeline.service, values, by=pipeline.provider, base=0)
    assert saved.changed == (SUMMARY,)
    change = FieldChange.objects.get()
    assert (change.path, change.before, change.after) == (
        "texts.fi.summary", "Puhut suomea rennossa ryhmässä.", "Uusi tiivistelmä.",
    )  # fmt: skip
    assert change.edit.by == pipeline.provider


def test_saving_the_same_again_is_no_edit(pipeline: Pipeline) -> None:
    pipeline.write("Uusi tiivistelmä.")
    saved = editing.save(pipeline.service, {SUMMARY: "Uusi tiivistelmä."}, by=pipeline.provider, base=1)
    assert (saved.number, saved.changed) == (1, ())


def test_two_who_change_different_values_both_keep_theirs(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {SUMMARY: "Tuottajan sana."}, by=pipeline.provider, base=0)
    name = paths.text(Audience.PUBLIC, "fi", "name")
    saved = editing.save(
        pipeline.service, {SUMMARY: "Puhut suomea rennossa ryhmässä.", name: "Kahvila"},
        by=pipeline.partner, base=0,
    )  # fmt: skip
    assert not saved.conflicts
    assert (value(pipeline, SUMMARY), value(pipeline, name)) == ("Tuottajan sana.", "Kahvila")


def test_two_who_change_the_same_value_are_asked(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {SUMMARY: "Tuottajan sana."}, by=pipeline.provider, base=0)
    name = paths.text(Audience.PUBLIC, "fi", "name")
    values = {SUMMARY: "Kunnan sana.", name: "Kahvila"}
    saved = editing.save(pipeline.service, values, by=pipeline.partner, base=0)
    (conflict,) = saved.conflicts
    assert (conflict.was, conflict.mine, conflict.theirs, conflict.by) == (
        "Puhut suomea rennossa ryhmässä.", "Kunnan sana.", "Tuottajan sana.", pipeline.provider,
    )  # fmt: skip
    assert value(pipeline, name) == "Kielikahvila", "nothing of a saving that must be asked about is written"
    assert not editing.save(pipeline.service, values, by=pipeline.partner, base=saved.number).conflicts
    assert value(pipeline, SUMMARY) == "Kunnan sana."


def test_a_provider_writes_public_information_only(pipeline: Pipeline) -> None:
    with pytest.raises(PermissionDenied):
        editing.save(pipeline.service, {GUIDANCE: "<p>Ohje.</p>"}, by=pipeline.provider, base=0)
    assert edits.number_of(pipeline.service) == 0


def test_a_provider_does_not_give_a_published_service_to_others(pipeline: Pipeline) -> None:
    assert not editing.may_write(pipeline.provider, pipeline.service, PRODUCERS)
    assert editing.may_write(pipeline.partner, pipeline.service, PRODUCERS)


def test_the_search_boost_is_not_a_partners_to_set(pipeline: Pipeline) -> None:
    boost = Path(Audience.EDITORS, "search_boost")
    assert not editing.may_write(pipeline.partner, pipeline.service, boost)
    assert editing.may_write(
        pipeline.partner, pipeline.service, Path(Audience.EDITORS, "responsibility_basis")
    )


def test_rich_text_is_cleaned_as_it_is_saved(pipeline: Pipeline) -> None:
    path = paths.text(Audience.PUBLIC, "fi", "execution")
    evil = '<p onclick="x()">Tule<script>alert(1)</script></p>'
    editing.save(pipeline.service, {path: evil}, by=pipeline.provider, base=0)
    assert value(pipeline, path) == "<p>Tule</p>"


def test_a_service_that_becomes_free_has_no_price_any_more(pipeline: Pipeline) -> None:
    editing.save(pipeline.service, {PAID: True, PRICE: "12.00"}, by=pipeline.provider, base=0)
    editing.save(pipeline.service, {PAID: False, PRICE: "12.00"}, by=pipeline.provider, base=1)
    assert value(pipeline, PRICE) is None


def test_every_path_of_a_document_leads_to_its_value(pipeline: Pipeline) -> None:
    document = working_copy.read(pipeline.service)
    values = paths.values_of(document)
    assert paths.with_values(document, values) == document
    assert len(values) > 40


@pytest.fixture
def espoo_part(pipeline: Pipeline) -> Path:
    return paths.municipal("049", "fi", "guidance")


def test_a_municipalitys_own_part_is_published_as_it_is_saved(pipeline: Pipeline, espoo_part: Path) -> None:
    espoo = Municipality.objects.get(code="049")
    run = pipeline.submit()
    assert municipal.save(pipeline.service, espoo, {espoo_part: "<p>Espoossa näin.</p>"}, by=pipeline.partner)
    version = ServiceVersion.objects.latest("number")
    assert version.internal_document["municipal"][0]["texts"]["fi"]["guidance"] == "<p>Espoossa näin.</p>"
    assert version.public_document == ServiceVersion.objects.get(number=1).public_document
    run.refresh_from_db()
    assert run.is_open, "the service's own run goes on"
    assert not municipal.save(
        pipeline.service, espoo, {espoo_part: "<p>Espoossa näin.</p>"}, by=pipeline.partner
    )


def test_a_municipalitys_part_is_written_by_its_own_partner(pipeline: Pipeline, espoo_part: Path) -> None:
    vantaa = Municipality.objects.get(code="092")
    with pytest.raises(PermissionDenied):
        municipal.save(pipeline.service, vantaa, {}, by=pipeline.partner)
    with pytest.raises(PermissionDenied):
        municipal.save(pipeline.service, Municipality.objects.get(code="049"), {}, by=pipeline.provider)
    with pytest.raises(KeyError):
        municipal.save(
            pipeline.service, Municipality.objects.get(code="049"), {GUIDANCE: "x"}, by=pipeline.partner
        )


def test_an_expert_writes_nothing(pipeline: Pipeline) -> None:
    with pytest.raises(PermissionDenied):
        editing.save(pipeline.service, {SUMMARY: "x"}, by=at("espoo", "expert"), base=0)
    assert Service.objects.get(pk=pipeline.service.pk).status == "published"
