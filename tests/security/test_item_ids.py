"""The numbers of a list's items are ours: whoever sends another's number takes nothing over with it."""

import uuid
from typing import Any

import pytest

from services import attachments, working_copy
from services.changes import BadChanges
from services.exchange.exporting import export_content
from services.exchange.importing import import_file
from services.models import Attachment, Service
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address as public_address
from tests.workflow.conftest import whole, writer
from tests.workflow.desk_forms import address, full, posted

__all__ = ["whole", "writer"]
THEIRS = uuid.UUID("aaaaaaaa-0000-4000-8000-000000000001")
OWN = uuid.UUID("bbbbbbbb-0000-4000-8000-000000000001")
TEXT, OTHER_TEXT = b"%PDF-1.4 heidan", b"%PDF-1.4 minun"


def item(number: uuid.UUID, text: bytes) -> dict[str, Any]:
    return factories.stored_attachment(number, text)


@pytest.fixture(params=["public", "internal"])
def theirs(request: pytest.FixtureRequest, whole: Service) -> Service:
    """Another service with an attachment in one of its sections."""
    document = factories.document()
    document[request.param]["attachments"] = [item(THEIRS, TEXT)]
    return factories.published("heidan", document).service


@pytest.mark.parametrize("section", ["public", "internal"])
def test_an_attachment_is_no_other_service_s_nor_section_s(
    theirs: Service, whole: Service, section: str
) -> None:
    """By whatever way a document comes in: written, imported, or restored."""
    before = working_copy.read(whole)
    document = full()
    document[section]["attachments"] = [item(THEIRS, OTHER_TEXT)]
    with pytest.raises(BadChanges, match="kuuluu toiseen"):
        factories.write(whole, document)
    assert working_copy.read(whole) == before
    content = factories.exchange_file(factories.exchange_service("kolmas", **document))
    report = import_file(content)
    assert len(report.refused) == 1
    assert not Service.objects.filter(external_id="kolmas").exists()


def test_nor_may_it_move_to_the_other_section_of_its_own(theirs: Service) -> None:
    document = working_copy.read(theirs)
    public, internal = document["public"]["attachments"], document["internal"]["attachments"]
    document["public"]["attachments"], document["internal"]["attachments"] = internal, public
    with pytest.raises(BadChanges, match="kuuluu toiseen"):
        factories.write(theirs, document)


def test_nor_stand_in_both(whole: Service) -> None:
    document = full()
    for section in ("public", "internal"):
        document[section]["attachments"] = [item(OWN, OTHER_TEXT)]
    with pytest.raises(BadChanges, match="kuuluu toiseen"):
        factories.write(whole, document)


def test_it_stays_its_own_after_it_was_removed(theirs: Service, whole: Service) -> None:
    factories.write(theirs, factories.document())
    factories.publish(theirs)
    document = full()
    document["public"]["attachments"] = [item(THEIRS, OTHER_TEXT)]
    with pytest.raises(BadChanges):
        factories.write(whole, document)


@pytest.mark.parametrize("kind", ["attachments", "links", "contacts", "schedules"])
def test_a_number_that_a_page_sends_is_the_list_s_own_or_none(
    kind: str,
    theirs: Service,
    whole: Service,
    writer: Client,
) -> None:
    document = full()
    document["public"]["attachments"] = [item(OWN, OTHER_TEXT)]
    factories.write(whole, document)
    page = address(whole, "time_and_place" if kind == "schedules" else "contacts")
    data = posted(writer.get(page))
    data |= {f"public-{kind}-0-id": str(THEIRS)} | (
        {"public-schedules-1-dates-0-id": str(THEIRS)} if kind == "schedules" else {}
    )
    assert writer.post(page, data).status_code == 302
    found = working_copy.read(whole)["public"]
    assert str(THEIRS) not in repr(found)
    assert len(found[kind]) == len(document["public"][kind])
    factories.publish(whole, "fi")
    if "internal" not in str(Attachment.objects.get(pk=THEIRS).audience):
        served = writer.get(public_address("attachment", str(THEIRS)))
        assert b"".join(served) == TEXT


def test_a_file_imported_twice_or_from_elsewhere_keeps_its_numbers(theirs: Service) -> None:
    content = export_content()
    assert import_file(content).refused == []
    assert {one.sha256 for one in attachments.named()}
