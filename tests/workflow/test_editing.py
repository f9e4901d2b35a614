"""Saving a working copy: whose is what, and nobody's words lost."""

import pytest
from django.core.exceptions import PermissionDenied

from services import working_copy
from services.changes import BadChanges
from services.documents import SHAPE, text
from services.fields import Audience
from services.models import Service, WorkingCopy
from services.shape import Path, values_of
from tests.workflow.conftest import GUIDANCE, SUMMARY, Pipeline, at
from workflow import editing
from workflow.models import Run

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


def test_an_expert_writes_nothing(pipeline: Pipeline) -> None:
    with pytest.raises(PermissionDenied):
        editing.save(pipeline.service, {SUMMARY: "x"}, by=at("espoo", "expert"), base=1)
    assert Service.objects.get(pk=pipeline.service.pk).status == "published"
