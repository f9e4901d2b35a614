"""The exchange format: the whole manual out and in, and clear words for whatever is wrong."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from services import working_copy
from services.exchange.exporting import as_bytes, export_content, files_folder
from services.exchange.importing import BadFile, import_file
from services.models import PublishedService, Service, ServiceVersion, Term
from tests import factories
from tests.factories import exchange_file, exchange_service


def test_the_whole_demo_goes_out_into_an_empty_database_and_out_again_byte_for_byte(
    exported_manual: Path, db: None, tmp_path: Path
) -> None:
    assert not Service.objects.exists()
    call_command("import_services", exported_manual, stdout=io.StringIO())
    again = tmp_path / "again.json"
    call_command("export_services", again, stdout=io.StringIO())
    assert again.read_bytes() == exported_manual.read_bytes()
    first, second = files_folder(exported_manual), files_folder(again)
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {
        p.name: p.read_bytes() for p in second.iterdir()
    }
    assert list(first.iterdir()), "the demo has attachments"


@pytest.mark.usefixtures("vocabulary")
class TestImporting:
    def test_publishes_what_the_file_says_is_published(self) -> None:
        report = import_file(exchange_file(exchange_service()))
        assert report.created == ["kielikahvila"]
        assert PublishedService.objects.filter(slug="kielikahvila").count() == 3

    def test_the_same_file_twice_changes_nothing(self) -> None:
        import_file(exchange_file(exchange_service()))
        before = as_bytes(export_content())
        report = import_file(exchange_file(exchange_service()))
        assert (report.unchanged, report.created, report.changed) == (["kielikahvila"], [], [])
        assert as_bytes(export_content()) == before
        assert ServiceVersion.objects.count() == 1

    def test_a_changed_service_gets_a_new_version(self) -> None:
        import_file(exchange_file(exchange_service()))
        changed = exchange_service()
        changed["public"]["texts"] = factories.texts(name="Uusi nimi")
        assert import_file(exchange_file(changed)).changed == ["kielikahvila"]
        assert Service.objects.get().version_number == 2
        assert PublishedService.objects.get(language="fi").name == "Uusi nimi"

    def test_only_tried_nothing_is_kept(self) -> None:
        report = import_file(exchange_file(exchange_service()), dry_run=True)
        assert report.created == ["kielikahvila"]
        assert not Service.objects.exists()

    def test_services_may_name_each_other_in_any_order(self) -> None:
        first, second = exchange_service("eka"), exchange_service("toka")
        first["public"]["related"], second["public"]["related"] = ["toka"], ["eka"]
        import_file(exchange_file(first, second))
        assert working_copy.read(Service.objects.get(external_id="eka"))["public"]["related"] == ["toka"]

    def test_a_service_that_can_not_be_published_is_left_out_whole_and_the_others_stay(self) -> None:
        incomplete = exchange_service("puutteellinen")
        incomplete["public"]["texts"] = factories.texts(execution="")
        report = import_file(exchange_file(exchange_service(), incomplete))
        assert report.created == ["kielikahvila"]
        assert "puutteellinen" in str(report.refused[0])
        assert list(Service.objects.values_list("external_id", flat=True)) == ["kielikahvila"]

    def test_a_refused_change_leaves_the_service_as_it_was(self) -> None:
        import_file(exchange_file(exchange_service()))
        before = as_bytes(export_content())
        incomplete = exchange_service()
        incomplete["public"]["texts"] = factories.texts(execution="")
        assert import_file(exchange_file(incomplete)).refused
        assert as_bytes(export_content()) == before

    def test_a_draft_beside_a_published_version_goes_out_and_in(self) -> None:
        service = factories.published().service
        factories.write(service, factories.document(texts=factories.texts(name="Luonnos")))
        exported = export_content()
        published = exported["services"][0]["published"]
        assert published["public"]["texts"]["fi"]["name"] == "Kielikahvila"
        assert "internal" not in published
        assert import_file(exported).unchanged == ["kielikahvila"]

    def test_an_outdated_service_keeps_its_version_and_leaves_the_pages(self) -> None:
        import_file(exchange_file(exchange_service()))
        exported = export_content()
        exported["services"][0]["status"] = "outdated"
        assert import_file(exported).changed == ["kielikahvila"]
        assert not PublishedService.objects.exists()
        assert Service.objects.get().version_number == 1

    def test_an_older_version_than_the_one_here_is_refused(self) -> None:
        import_file(exchange_file(exchange_service()))
        old = export_content()
        changed = exchange_service()
        changed["public"]["texts"] = factories.texts(name="Uusi nimi")
        import_file(exchange_file(changed))
        assert "Versio 2" in str(import_file(old).refused[0])
        assert PublishedService.objects.get(language="fi").name == "Uusi nimi"

    def test_changed_words_reach_the_published_pages(self) -> None:
        factories.published()
        content = export_content()
        label = next(t for t in content["vocabularies"]["need"] if t["key"] == "language_skills")["label"]
        label["fi"] = "Kielen oppiminen"
        import_file(content)
        row = PublishedService.objects.get(language="fi")
        assert row.document["terms"]["needs"][0]["label"] == "Kielen oppiminen"


def _without(name: str) -> Any:
    def change(service: dict[str, Any]) -> None:
        del service["public"][name]

    return change


def _with(section: str, **values: Any) -> Any:
    def change(service: dict[str, Any]) -> None:
        service[section] |= values

    return change


_HOURS: dict[str, Any] = {"kind": "continuous", "place": None, "dates": [], "place_text": {}, "time_text": {}}
_DATE: dict[str, Any] = {"starts": "2027-01-11", "ends": None, "from": None, "to": None, "apply_by": None}


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (_without("needs"), "public", "Nämä puuttuvat: needs."),
        (_with("public", secret="x"), "public", "Näitä ei tunneta tässä: secret"),
        (_with("public", guidance="x"), "public", "Näitä ei tunneta tässä: guidance"),
        (_with("public", needs=["juggling"]), "public.needs[0]", "ei ole tunnusta 'juggling'"),
        (_with("public", organiser="ei-ole"), "public.organiser", "'ei-ole'"),
        (_with("public", municipalities=["91"]), "public.municipalities[0]", "ei ole oikeassa muodossa"),
        (_with("public", municipalities=["999"]), "public.municipalities[0]", "'999'"),
        (_with("public", price="5.00"), "public.price", "Poista hinta"),
        (_with("public", age_min=18), "public.all_ages", "ei ole ikärajoja"),
        (_with("public", related=["ei-ole"]), "public.related[0]", "'ei-ole'"),
        (
            _with("public", texts=factories.texts(name="x" * 139)),
            "public.texts.fi.name",
            "Lyhennä 19 merkkiä",
        ),
        (
            _with("public", schedules=[_HOURS | {"hours": {"mon": [["12:00", "09:00"]]}}]),
            "public.schedules[0].hours.mon",
            "kellonaikojen täytyy seurata",
        ),
        (_with("public", schedules=[_HOURS | {"hours": {}}]), "public.schedules[0].hours", "viikonpäivät"),
        (
            _with("public", schedules=[_HOURS | {"hours": {}, "kind": "period", "dates": [_DATE]}]),
            "public.schedules[0].dates[0]",
            "Viimeinen päivä puuttuu",
        ),
        (
            _with(
                "public",
                schedules=[
                    _HOURS | {"hours": {}, "kind": "dates", "dates": [_DATE | {"starts": "2027-02-30"}]}
                ],
            ),
            "public.schedules[0].dates[0]",
            "ei ole tällaista päivää",
        ),
        (
            _with("public", languages=[{"language": "fi", "level": None}] * 2),
            "public.languages",
            "Kukin kieli vain kerran",
        ),
        (_with("internal", obligation="sometimes"), "internal.obligation", "'sometimes'"),
        (
            _with("internal", municipal={"998": {"fi": {"guidance": "<p>x</p>"}}}),
            "internal.municipal.998",
            "'998'",
        ),
        (_with("editors", search_boost=11), "editors.search_boost", "11"),
    ],
)
def test_whatever_is_wrong_is_told_with_its_place_and_nothing_is_changed(
    change: Any, place: str, words: str
) -> None:
    wrong = exchange_service("vika")
    change(wrong)
    with pytest.raises(BadFile) as refusal:
        import_file(exchange_file(exchange_service(), wrong))
    problem = str(refusal.value.problems[0])
    assert problem.startswith(f"services[1] (vika).{place}:")
    assert words in problem
    assert not Service.objects.exists()


@pytest.mark.usefixtures("vocabulary")
def test_all_errors_are_told_at_once() -> None:
    wrong = exchange_service()
    wrong["public"] |= {"needs": ["x"], "delivery": ["y"], "price": "1.00"}
    with pytest.raises(BadFile) as refusal:
        import_file(exchange_file(wrong))
    assert len(refusal.value.problems) == 3


@pytest.mark.usefixtures("vocabulary")
def test_an_address_that_is_taken_or_given_twice_is_refused() -> None:
    factories.published()
    twin = exchange_service("toinen", slug="kielikahvila")
    with pytest.raises(BadFile, match="Osoite 'kielikahvila' on jo palvelulla kielikahvila"):
        import_file(exchange_file(twin))
    with pytest.raises(BadFile, match="useammin kuin kerran"):
        import_file(exchange_file(exchange_service("a", slug="sama"), exchange_service("b", slug="sama")))


@pytest.mark.parametrize(
    "content", [None, [], 1, "x", {}, {"format": "other", "version": 1}, {"services": 3}]
)
def test_a_file_of_another_kind_is_refused(content: Any, db: None) -> None:
    with pytest.raises(BadFile):
        import_file(content)


@pytest.mark.usefixtures("db")
class TestTheCommand:
    def test_says_when_the_file_is_not_there_or_not_json(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="ei voi lukea"):
            call_command("import_services", tmp_path / "none.json")
        path = tmp_path / "broken.json"
        path.write_text('{"format": ')
        with pytest.raises(CommandError, match="ei ole JSON-tiedosto"):
            call_command("import_services", path)

    def test_lists_errors_and_ends_with_how_many(self, tmp_path: Path) -> None:
        path = tmp_path / "wrong.json"
        path.write_text(json.dumps(exchange_file(exchange_service())))
        errors = io.StringIO()
        with pytest.raises(CommandError, match="Mitään ei muutettu"):
            call_command("import_services", path, stderr=errors)
        assert "services[0] (kielikahvila).public.organiser" in errors.getvalue()

    def test_a_broken_export_leaves_no_half_file(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="ei voi kirjoittaa"):
            call_command("export_services", tmp_path / "no-such-folder" / "file.json")
        assert list(tmp_path.iterdir()) == []


def test_importing_does_not_change_the_content_given(vocabulary: dict[tuple[str, str], Term]) -> None:
    content = exchange_file(exchange_service())
    before = copy.deepcopy(content)
    import_file(content)
    assert content == before
