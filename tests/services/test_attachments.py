"""Attachments: private files, served only to those who may read them."""

import io
import uuid

import pytest
from django.conf import settings

from services import attachments, files, publishing
from services.models import Service
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address

pytestmark = pytest.mark.usefixtures("vocabulary")
PUBLIC, INTERNAL = str(uuid.uuid4()), str(uuid.uuid4())


@pytest.fixture
def service(vocabulary: object) -> Service:
    content = factories.document()
    for section, key, body in (("public", PUBLIC, b"%PDF public"), ("internal", INTERNAL, b"%PDF internal")):
        sha256, size = files.store(io.BufferedReader(io.BytesIO(body)))
        content[section]["attachments"] = [
            {
                "id": key,
                "title": {"fi": "Esite"},
                "filename": "esite.pdf",
                "content_type": "application/pdf",
                "size": size,
                "sha256": sha256,
            }
        ]
    return factories.published(content=content).service


def status(client: Client, key: str) -> int:
    return client.get(address("attachment", key)).status_code


@pytest.mark.usefixtures("service")
def test_anyone_gets_a_public_file_as_a_download(client: Client) -> None:
    answer = client.get(address("attachment", PUBLIC))
    assert b"".join(answer) == b"%PDF public"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="esite.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [
        ("partner", "expert", 200),
        ("partner", "communications_lead", 200),
        ("project", "ict_specialist", 200),
        ("provider", "producer", 404),
        ("provider", "main_user", 404),
    ],
)
def test_an_internal_file_is_for_partners_and_the_project(
    client: Client, kind: str, role: str, expected: int
) -> None:
    assert status(client, INTERNAL) == 404
    client.force_login(factories.member(kind, role))
    answer = client.get(address("attachment", INTERNAL))
    assert answer.status_code == expected
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("service")
def test_access_ends_with_the_membership_on_the_next_request(client: Client) -> None:
    user = factories.member("partner", "expert")
    client.force_login(user)
    assert status(client, INTERNAL) == 200
    user.memberships.get().delete()
    assert status(client, INTERNAL) == 404


def test_files_of_an_unpublished_or_withdrawn_service_are_not_served(
    client: Client, service: Service
) -> None:
    service.status = Service.Status.OUTDATED
    service.save()
    publishing.unpublish(service)
    client.force_login(factories.member("partner", "expert"))
    assert status(client, PUBLIC) == 404
    assert status(client, INTERNAL) == 404


def test_a_file_removed_by_a_new_version_is_no_longer_served(client: Client, service: Service) -> None:
    factories.write(service, factories.document())
    factories.publish(service)
    assert status(client, PUBLIC) == 404


def test_an_unknown_id_and_a_lost_file_are_not_found(client: Client, service: Service) -> None:
    assert status(client, str(uuid.uuid4())) == 404
    sha256 = service.versions.get().public_document["attachments"][0]["sha256"]
    files.path_of(sha256).unlink()
    assert status(client, PUBLIC) == 404


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("Ohje.PDF", "application/pdf"),
        ("kuva.jpeg", "image/jpeg"),
        ("a.html", None),
        ("a.svg", None),
        ("a", None),
    ],
)
def test_only_listed_kinds_of_files_may_be_attached(filename: str, content_type: str | None) -> None:
    assert attachments.content_type_of(filename) == content_type


def test_no_address_leads_to_the_folder_of_files(client: Client, service: Service) -> None:
    sha256 = service.versions.get().public_document["attachments"][0]["sha256"]
    lies_at = files.path_of(sha256).relative_to(settings.MEDIA_ROOT)
    for path in (f"/media/{lies_at}", f"/{lies_at}"):
        assert client.get(path).status_code == 404
