"""The texts of attachments are found: read by a program of its own, with bounds."""

import io
import uuid
import zipfile
from typing import Any

import pytest
from celery import current_app
from docx import Document
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from orgs import clock
from services import attachment_texts, attachments, publishing, tasks
from services.models import AttachmentText, ServiceVersion
from services.search import instructions, listing
from services.search.query import ListQuery
from services.texts import extracting
from services.vocabularies import load
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")
PDF, DOCX, XLSX = ".pdf", ".docx", ".xlsx"
NUMBER = uuid.UUID("00000000-0000-4000-8000-000000000001")


def pdf(words: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    assert words in PdfReader(io.BytesIO(out.getvalue())).pages[0].extract_text()
    return out.getvalue()


def docx(words: str) -> bytes:
    document = Document()
    document.add_paragraph("Alku")
    document.add_table(rows=1, cols=1).cell(0, 0).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(words: str) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active["B2"] = words
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MAKERS = {PDF: pdf, DOCX: docx, XLSX: xlsx}


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_words_of_each_kind_of_file_are_read(kind: str) -> None:
    assert "raketti" in extracting.text_of(MAKERS[kind]("raketti"), kind)


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MOST_LETTERS", 10)
    assert len(extracting.text_of(docx("raketti " * 50), DOCX)) == 10


def with_file(
    section: str, content: bytes, kind: str = DOCX, service: str = "kielikahvila", number: uuid.UUID = NUMBER
) -> ServiceVersion:
    item = factories.stored_attachment(number, content) | {"filename": f"ohje{kind}"}
    document: Any = factories.document()
    document[section]["attachments"] = [item | {"content_type": attachments.CONTENT_TYPES[kind]}]
    return factories.published(service, document)


def found(q: str) -> int:
    return listing.run(ListQuery(q=q), "fi", clock.today(), load()).total


def found_by_experts(q: str) -> int:
    return instructions.run(ListQuery(q=q), "fi", clock.today(), load(), ()).total


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_public_file_is_found_by_its_words_once_a_worker_has_read_it(kind: str) -> None:
    version = with_file("public", MAKERS[kind]("rakettiopas"), kind)
    assert found("rakettiopas") == 0
    tasks.read_attachments(version.pk)
    assert AttachmentText.objects.get().problem == ""
    assert found("rakettiopas") == 1
    assert attachment_texts.read_missing(version) == 0


def test_an_internal_file_is_found_by_experts_alone() -> None:
    version = with_file("internal", docx("salaraketti"))
    tasks.read_attachments(version.pk)
    assert found("salaraketti") == 0
    assert found_by_experts("salaraketti") == 1


def test_what_no_worker_was_told_of_is_read_by_the_nightly_rebuild() -> None:
    with_file("public", docx("rakettiopas"))
    tasks.rebuild_read_model()
    assert found("rakettiopas") == 1
    assert publishing.rebuild().written == 0


BROKEN = [(b"%PDF-1.4 rikki", PDF), (b"PK\x03\x04 rikki", DOCX), (b"PK\x03\x04", XLSX), (b"", PDF)]


@pytest.mark.parametrize(("content", "kind"), BROKEN)
def test_a_broken_file_is_noted_and_not_read_again(content: bytes, kind: str) -> None:
    version = with_file("public", content, kind)
    tasks.read_attachments(version.pk)
    row = AttachmentText.objects.get()
    assert row.text == ""
    assert row.problem
    assert attachment_texts.read_missing(version) == 0


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment_texts, "_SECONDS", 0.001)
    tasks.read_attachments(with_file("public", docx("raketti")).pk)
    assert AttachmentText.objects.get().problem == "time ran out"


def test_a_file_that_grows_without_end_when_opened_is_stopped_by_the_bound_of_memory() -> None:
    """Two gigabytes of the same letter in a few kilobytes: a bomb."""
    out = io.BytesIO()
    archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("word/document.xml", "w") as part:
        for _chunk in range(1200):
            part.write(b"a" * 1_000_000)
    tasks.read_attachments(with_file("public", out.getvalue()).pk)
    assert AttachmentText.objects.get().problem


def test_publishing_a_file_asks_a_worker_to_read_it_by_a_name_that_workers_know(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: asked.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        version = with_file("public", docx("raketti"))
    assert ("services.tasks.read_attachments", [version.pk]) in asked
    assert "services.tasks.read_attachments" in current_app.tasks
