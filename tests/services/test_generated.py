"""Content made by rule, for load tests."""

import io

import pytest
from django.core.management import CommandError, call_command

from services import generated, publishing, working_copy
from services.completeness import missing
from services.fields import Stage
from services.models import PublishedService, Service, ServiceVersion
from services.vocabularies import load

pytestmark = pytest.mark.usefixtures("vocabulary")


def generate(count: int) -> None:
    call_command("generate_services", count, stdout=io.StringIO())


def test_the_same_number_gives_the_same_service() -> None:
    assert list(generated.generate(20, load())) == list(generated.generate(20, load()))
    assert list(generated.generate(20, load()))[:5] == list(generated.generate(5, load()))


def test_every_generated_service_is_complete() -> None:
    for item in generated.generate(50, load()):
        assert missing(item, Stage.PUBLICATION, ["fi"]) == []


def test_generated_services_are_whole_working_copies_and_versions() -> None:
    generate(7)
    assert PublishedService.objects.count() == 21
    for service in Service.objects.all():
        version = ServiceVersion.objects.get(service=service)
        assert working_copy.read(service) == version.document
    assert publishing.rebuild() == publishing.Change(0, 0)


def test_a_larger_number_adds_and_changes_nothing_before() -> None:
    generate(3)
    before = list(PublishedService.objects.order_by("pk").values_list("content_hash", flat=True))
    generate(5)
    after = list(PublishedService.objects.order_by("pk").values_list("content_hash", flat=True))
    assert after[: len(before)] == before
    assert len(after) == 15


@pytest.mark.parametrize("count", [0, -1, 100_001])
def test_a_number_out_of_bounds_is_refused(count: int) -> None:
    with pytest.raises(CommandError, match=r"1–100000"):
        generate(count)
