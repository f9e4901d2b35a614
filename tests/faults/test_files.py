"""Files: a full disk, a file that is cut off or lost, one that no reader can open, and what nothing names."""

import datetime
import io
import os
import re
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgs import clock
from orgs.models import Job
from palvelumanuaali import health
from services import attachment_texts, files, tasks
from services.models import AttachmentText, ServiceVersion
from tests import factories
from tests.faults.disk import full_after
from tests.services.test_attachment_texts import docx, with_file

TEXT = b"%PDF-1.4 " + b"ohje " * 1000


def stored() -> list[Path]:
    return [path for path in files.path_of("0" * 64).parent.parent.rglob("*") if path.is_file()]


def check() -> tuple[str, str, str]:
    """Return what `check_files` says is wrong, what it says besides, and its error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_files", stdout=out, stderr=err)
    except CommandError as error:
        return err.getvalue(), out.getvalue(), str(error)
    return err.getvalue(), out.getvalue(), ""


@pytest.mark.parametrize("room", [0, 100, len(TEXT) - 1])
def test_a_full_disk_leaves_nothing_of_a_file_and_the_next_try_keeps_it(room: int) -> None:
    with full_after(room), pytest.raises(files.NotKept):
        files.store(io.BytesIO(TEXT))
    assert stored() == []
    sha256, size = files.store(io.BytesIO(TEXT))
    assert (files.path_of(sha256).read_bytes(), size) == (TEXT, len(TEXT))


@pytest.mark.parametrize("harm", ["lost", "cut off", "changed"])
def test_a_file_that_was_harmed_is_made_whole_by_giving_it_again(harm: str) -> None:
    sha256, _size = files.store(io.BytesIO(TEXT))
    harm_file(sha256, harm)
    files.store(io.BytesIO(TEXT))
    assert files.path_of(sha256).read_bytes() == TEXT


def test_a_disk_that_is_almost_full_is_told_to_those_who_watch(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    health.Room().run()
    monkeypatch.setattr(health, "_ROOM", shutil.disk_usage(settings.MEDIA_ROOT).free + (1 << 40))
    with pytest.raises(Exception, match="almost full"):
        health.Room().run()


@pytest.mark.usefixtures("vocabulary")
class TestCheckingFiles:
    def test_whole_files_are_said_to_be_whole(self) -> None:
        with_file("public", TEXT)
        wrong, said, error = check()
        assert (wrong, error) == ("", "")
        assert "0" in said

    @pytest.mark.parametrize("section", ["public", "internal"])
    @pytest.mark.parametrize("harm", ["lost", "cut off", "changed"])
    def test_a_file_that_is_lost_cut_off_or_changed_is_named(self, harm: str, section: str) -> None:
        sha256 = harmed(with_file(section, TEXT), section, harm)
        wrong, _said, error = check()
        assert sha256 in wrong
        assert "kielikahvila: ohje.docx" in wrong
        assert error

    @pytest.mark.parametrize("harm", ["lost", "cut off", "changed"])
    def test_an_export_refuses_it_by_its_name(self, harm: str, tmp_path: Path) -> None:
        harmed(with_file("internal", TEXT), "internal", harm)
        with pytest.raises(CommandError, match=re.escape("kielikahvila: ohje.docx")):
            call_command("export_services", tmp_path / "out.json", stdout=io.StringIO())
        assert not (tmp_path / "out.json").exists()

    def test_the_nightly_look_notes_it_for_ict_and_goes_on(self) -> None:
        harmed(with_file("public", TEXT), "public", "cut off")
        tasks.look_at_files()
        job = Job.objects.get(pk="files")
        assert job.finished_at
        noted = {(one["thing"], one["error"]) for one in job.failures}
        assert noted == {("kielikahvila: ohje.docx", "changed")}

    def test_what_nothing_names_is_told_and_deleted_after_a_week_only(self) -> None:
        kept = with_file("public", TEXT).document["public"]["attachments"][0]["sha256"]
        sha256, _size = files.store(io.BytesIO(b"%PDF-1.4 hylatty"))
        assert sha256 in check()[1]
        for days, left in ((6, {kept, sha256}), (8, {kept})):
            age(sha256, days)
            age(kept, days)
            tasks.look_at_files()
            assert {path.name for path in stored()} == left

    def test_a_file_that_is_given_again_counts_as_new(self) -> None:
        sha256, _size = files.store(io.BytesIO(TEXT))
        age(sha256, 8)
        files.store(io.BytesIO(TEXT))
        assert files.clear_strays(clock.now() - datetime.timedelta(days=7)) == 0

    def test_a_file_that_only_the_past_names_stays(self) -> None:
        """A version that is not the newest, and a working copy that was written anew since."""
        version = with_file("public", TEXT)
        factories.write(version.service, factories.document())
        factories.publish(version.service)
        sha256 = version.document["public"]["attachments"][0]["sha256"]
        age(sha256, 400)
        tasks.look_at_files()
        assert files.has_size(sha256, len(TEXT))


def harmed(version: ServiceVersion, section: str, harm: str) -> str:
    sha256: str = version.document[section]["attachments"][0]["sha256"]
    harm_file(sha256, harm)
    return sha256


def harm_file(sha256: str, harm: str) -> None:
    path = files.path_of(sha256)
    if harm == "lost":
        path.unlink()
    elif harm == "cut off":
        os.truncate(path, 10)
    else:
        path.write_bytes(TEXT.replace(b"o", b"0"))


def age(sha256: str, days: int) -> None:
    at = (clock.now() - datetime.timedelta(days=days)).timestamp()
    os.utime(files.path_of(sha256), (at, at))


@pytest.mark.usefixtures("vocabulary")
class TestReadingTexts:
    def test_one_lost_file_never_ends_the_night_s_work(self) -> None:
        harmed(with_file("public", docx("kadonnut")), "public", "lost")
        with_file("public", docx("rakettiopas"), service="toinen", number=uuid.uuid4())
        tasks.rebuild_read_model()
        job = Job.objects.get(pk="read_model")
        assert job.finished_at
        assert [(one["step"], one["thing"]) for one in job.failures] == [("read_file", "ohje.docx")]
        assert AttachmentText.objects.get().text == "Alku\nrakettiopas"

    def test_a_time_that_ran_out_once_is_tried_again_and_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        version = with_file("public", docx("rakettiopas"))
        with monkeypatch.context() as short:
            short.setattr(attachment_texts, "_SECONDS", 0.001)
            tasks.read_attachments(version.pk)
        assert AttachmentText.objects.get().problem == "time ran out"
        tasks.rebuild_read_model()
        row = AttachmentText.objects.get()
        assert (row.problem, row.tries) == ("", 0)
        assert "rakettiopas" in row.text

    def test_but_not_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        version = with_file("public", docx("rakettiopas"))
        monkeypatch.setattr(attachment_texts, "_SECONDS", 0.001)
        assert [attachment_texts.read_missing(version) for _night in range(5)] == [1, 1, 1, 0, 0]
