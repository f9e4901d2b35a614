"""The form of a service: every field can be written, and nobody is written over."""

import copy
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs import clock
from orgs.models import Municipality
from services import files, working_copy
from services.changes import BadChanges
from services.fields import FIELDS, Field, Kind
from services.models import Service
from services.shape import Path
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from tests.faults.disk import full_after
from tests.workflow.conftest import SUMMARY, Pipeline, at
from tests.workflow.desk_forms import ITEM, Data, address, full, posted, save
from workflow import editing
from workflow.desk.section_form import name_of, path_of, value_at
from workflow.models import Run

IDS = [f"{field.audience.value}.{field.name}" for field in FIELDS]
SECTIONS = [*dict.fromkeys(field.group.value for field in FIELDS), "municipality-049"]


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_saved_as_it_was_opened_changes_nothing(
    whole: Service, writer: Client, section: str, language: str
) -> None:
    before, revision = working_copy.read(whole), working_copy.revision_of(whole)
    answer = save(writer, address(whole, section, language))
    assert answer.status_code == 302
    assert (working_copy.read(whole), working_copy.revision_of(whole)) == (before, revision)
    assert not Run.objects.exists(), "no draft was begun"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_all_related_services_stay_ticked_and_another_is_added_to_them(
    whole: Service, writer: Client, count: int
) -> None:
    ids = [f"muu-{number}" for number in range(count + 1)]
    for one in ids:
        factories.published(one, factories.document(texts=factories.texts(name=f"Palvelu {one}")))
    content = full()
    content["public"]["related"] = ids[:-1]
    factories.write(whole, content)
    url = address(whole, "contacts")
    assert save(writer, url).status_code == 302
    assert working_copy.read(whole)["public"]["related"] == ids[:-1]
    more = {"public-related_more": f"Palvelu {ids[-1]}"}
    assert save(writer, url, lambda data: data.update(more)).status_code == 302
    assert working_copy.read(whole)["public"]["related"] == ids


def _set(key: str, value: Any) -> Callable[[Data, str], None]:
    return lambda data, name: data.update({f"{name}{key}": value})


def _flip(data: Data, name: str) -> None:
    if name in data:
        del data[name]
    else:
        data[name] = "on"


def _last(data: Data, name: str) -> str:
    return f"{name}-{int(data[f'{name}-TOTAL_FORMS'][0]) - 1}"


def _item(**parts: Any) -> Callable[[Data, str], None]:
    def add(data: Data, name: str) -> None:
        # A file is made anew each time: what was sent once has been read to its end.
        made = {part: value() if callable(value) else value for part, value in parts.items()}
        data.update({f"{_last(data, name)}-{part}": value for part, value in made.items()})

    return add


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("esite.pdf", b"%PDF-1.7 esite")


# What someone does to a field of each kind, and what must be in the working copy then.
EDITS: dict[Kind, tuple[Callable[[Data, str], None], Callable[[Any], bool]]] = {
    Kind.LINE: (_set("", "Toiset  sanat"), lambda v: v == "Toiset sanat"),
    Kind.RICH: (_set("", "<p>Toiset <script>sanat</script></p>"), lambda v: v == "<p>Toiset </p>"),
    Kind.WORDS: (_set("", "D-99"), lambda v: v == "D-99"),
    Kind.FLAG: (_flip, lambda v: v in (True, False)),
    Kind.CHOICE_FLAG: (_set("", "no"), lambda v: v is False),
    Kind.MONEY: (_set("", "12,5"), lambda v: v == "12.50"),
    Kind.DAY: (_set("", "2026-02-01"), lambda v: v == "2026-02-01"),
    Kind.NUMBER: (
        lambda data, name: data.update({name: "70" if name == "public-age_max" else "9"}),
        lambda v: v in (9, 70),
    ),
    Kind.TERMS: (lambda data, name: None, lambda v: True),
    Kind.OPTION: (lambda data, name: None, lambda v: True),
    Kind.OPTIONS: (lambda data, name: None, lambda v: True),
    Kind.ORGANISATION: (_set("", "espoo"), lambda v: v == "espoo"),
    Kind.ORGANISATIONS: (_set("", ["espoo", "kielisilta"]), lambda v: v == ["espoo", "kielisilta"]),
    Kind.MUNICIPALITIES: (_set("", ["049", "092"]), lambda v: v == ["049", "092"]),
    Kind.LANGUAGES: (_item(language="sv", level=""), lambda v: {"language": "sv", "level": None} in v),
    Kind.SCHEDULES: (
        _item(
            **{"kind": "dates", "dates-0-starts": "2027-02-01", "tue-0-from": "09:00", "tue-0-to": "10:00"}
        ),
        lambda v: [d["starts"] for d in v[-1]["dates"]] == ["2027-02-01"] and "tue" in v[-1]["hours"],
    ),
    Kind.CONTACTS: (
        _item(name="Neuvonta", phone="09 55", title_fi="Asiakaspalvelu", title_sv="Kundtjänst"),
        lambda v: (v[-1]["name"], v[-1]["title"]["sv"]) == ("Neuvonta", "Kundtjänst"),
    ),
    Kind.LINKS: (
        _item(url="suomi.fi", title_fi="Suomi.fi"),
        lambda v: (v[-1]["url"], v[-1]["title"]) == ("https://suomi.fi", {"fi": "Suomi.fi"}),
    ),
    Kind.ATTACHMENTS: (
        _item(content=pdf, title_fi="Esite"),
        lambda v: (v[-1]["filename"], v[-1]["size"]) == ("esite.pdf", 14),
    ),
    Kind.SERVICES: (_set("_more", "Toinen palvelu"), lambda v: v == ["toinen"]),
}


def _some_other_choice(field: Field, present: Any) -> Any:
    """Return another key than those that stand there now, of the field's vocabulary."""
    from services.document_checks import Known

    return min(Known().keys(field.vocabulary) - set(present or ()))


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_every_field_of_the_table_can_be_written(whole: Service, writer: Client, field: Field) -> None:
    factories.published("toinen", factories.document(texts=factories.texts(name="Toinen palvelu")))
    before = value_at(working_copy.read(whole), path_of(field, "fi"))
    edit, holds = EDITS[field.kind]
    name = name_of(field)

    def change(data: Data) -> None:
        edit(data, name)
        if field.kind in (Kind.TERMS, Kind.OPTIONS):
            data[name] = [_some_other_choice(field, before)]
        elif field.kind is Kind.OPTION:
            data[name] = _some_other_choice(field, [before])

    answer = save(writer, address(whole, field.group.value), change)
    assert answer.status_code == 302, answer.context["errors"]
    after = value_at(working_copy.read(whole), path_of(field, "fi"))
    assert after != before
    assert holds(after)
    assert Run.objects.get().is_open, "the first change begins a draft"


def test_a_text_is_written_in_the_tab_of_its_language(whole: Service, writer: Client) -> None:
    save(
        writer,
        address(whole, "basics", "sv"),
        lambda data: data.update({"public-summary": "Du talar finska."}),
    )
    texts = working_copy.read(whole)["public"]["texts"]
    assert (texts["sv"]["summary"], texts["fi"]["summary"]) == (
        "Du talar finska.", "Puhut suomea rennossa ryhmässä.",
    )  # fmt: skip


def test_an_item_is_removed_by_its_tick_and_keeps_what_no_box_shows(whole: Service, writer: Client) -> None:
    save(writer, address(whole, "contacts"), lambda d: d.update({"public-contacts-0-title_fi": "Vetäjä"}))
    contact = working_copy.read(whole)["public"]["contacts"][0]
    assert contact["title"] == {"fi": "Vetäjä", "et": "Juhendaja"}
    assert contact["id"] == ITEM.format(3)
    save(writer, address(whole, "contacts"), lambda d: d.update({"public-contacts-0-DELETE": "on"}))
    assert working_copy.read(whole)["public"]["contacts"] == []


WRONG: list[tuple[str, Data, str]] = [
    ("basics", {"public-name": "N" * 121}, "public-name"),
    ("basics", {"public-price": "kallis"}, "public-price"),
    ("audience", {"public-age_min": "201"}, "public-age_min"),
    ("audience", {"public-age_max": "17"}, "public-age_max"),
    ("contacts", {"public-contacts-0-email": "onni"}, "public-contacts-0-email"),
    ("contacts", {"public-links-0-url": "javascript:alert(1)"}, "public-links-0-url"),
    ("contacts", {"public-links-0-title_fi": ""}, "public-links-0-title"),
    ("contacts", {"public-related_more": "Ei ole"}, "public-related"),
    ("time_and_place", {"public-schedules-1-dates-0-ends": "2027-01-01"}, "public-schedules-1-dates-0-ends"),
    ("time_and_place", {"public-schedules-1-mon-0-to": ""}, "public-schedules-1-mon-0-to"),
    ("time_and_place", {"public-schedules-0-kind": "dates"}, "public-schedules-0-kind"),
    ("procurement", {"internal-contract_ends": "2025-01-01"}, "internal-contract_ends"),
]


@pytest.mark.parametrize(("section", "given", "where"), WRONG, ids=[where for _s, _g, where in WRONG])
def test_what_can_not_be_kept_is_told_at_its_box_and_nothing_is_lost(
    whole: Service, writer: Client, section: str, given: Data, where: str
) -> None:
    before = working_copy.revision_of(whole)
    answer = save(writer, address(whole, section), lambda data: data.update(given))
    assert answer.status_code == 422
    assert working_copy.revision_of(whole) == before
    anchors = [anchor for anchor, _label, _message in answer.context["errors"]]
    assert any(anchor.startswith(f"id_{where}") for anchor in anchors), answer.context["errors"]
    again = posted(answer)
    assert {name: again.get(name, [""])[0] for name in given} == given


@pytest.mark.parametrize(
    ("name", "content"),
    [("ohje.exe", b"MZ"), ("ohje.pdf", b"MZ ei pdf"), ("kuva.png", b"GIF89a"), ("ohje", b"%PDF-1.7")],
)
def test_a_file_must_be_what_its_name_says(whole: Service, writer: Client, name: str, content: bytes) -> None:
    def change(data: Data) -> None:
        data["public-attachments-0-content"] = SimpleUploadedFile(name, content)
        data["public-attachments-0-title_fi"] = "Ohje"

    answer = save(writer, address(whole, "contacts"), change)
    assert answer.status_code == 422
    assert [anchor for anchor, _l, _m in answer.context["errors"]] == ["id_public-attachments-0-content"]


def test_a_file_need_not_be_chosen_again_after_an_error_elsewhere(whole: Service, writer: Client) -> None:
    def change(data: Data) -> None:
        _item(content=pdf(), title_fi="Esite")(data, "public-attachments")
        data["public-contacts-0-email"] = "väärin"

    answer = save(writer, address(whole, "contacts"), change)
    assert answer.status_code == 422
    data = posted(answer) | {"public-contacts-0-email": "oikein@kielisilta.example"}
    assert writer.post(address(whole, "contacts"), data).status_code == 302
    assert [item["filename"] for item in working_copy.read(whole)["public"]["attachments"]] == ["esite.pdf"]


def test_a_file_that_can_not_be_kept_is_told_at_its_box_and_comes_along_later(
    whole: Service, writer: Client
) -> None:
    def change(data: Data) -> None:
        _item(content=pdf(), title_fi="Esite")(data, "public-attachments")

    with full_after(5):
        answer = save(writer, address(whole, "contacts"), change)
    assert answer.status_code == 422
    anchors = [anchor for anchor, _label, _message in answer.context["errors"]]
    assert len(anchors) == 1
    assert anchors[0].endswith("-content")
    assert save(writer, address(whole, "contacts"), change).status_code == 302


def test_a_large_file_for_which_there_is_no_room_at_all_is_told_to_come_again(
    whole: Service, writer: Client
) -> None:
    """It does not get as far as the form: the server lays large files aside while it reads them."""

    def change(data: Data) -> None:
        large = SimpleUploadedFile("iso.pdf", b"%PDF-1.7" + b"x" * (3 << 20))
        _item(content=large, title_fi="Esite")(data, "public-attachments")

    writer.raise_request_exception = False
    with full_after(1 << 20):
        answer = save(writer, address(whole, "contacts"), change)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_file_of_a_form_that_lay_open_too_long_is_asked_for_again(whole: Service, writer: Client) -> None:
    def change(data: Data) -> None:
        _item(content=pdf(), title_fi="Esite")(data, "public-attachments")
        data["public-contacts-0-email"] = "väärin"

    data = posted(save(writer, address(whole, "contacts"), change))
    files.clear_strays(clock.now() + datetime.timedelta(days=3650))
    data |= {"public-contacts-0-email": "oikein@kielisilta.example"}
    answer = writer.post(address(whole, "contacts"), data)
    assert answer.status_code == 422
    assert "Valitse se uudelleen" in answer.content.decode()


def test_two_who_change_the_same_text_are_both_shown_and_nothing_is_lost(
    pipeline: Pipeline, client: Client
) -> None:
    client.force_login(pipeline.partner)
    url = address(pipeline.service, "basics")
    data = posted(client.get(url)) | {"public-summary": "Minun tekstini."}
    pipeline.write("Heidän tekstinsä.")
    answer = client.post(url, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Minun tekstini." in page
    assert "Heidän tekstinsä." in page
    assert pipeline.provider.full_name in page
    assert value_at(working_copy.read(pipeline.service), SUMMARY) == "Heidän tekstinsä."
    assert client.post(url, posted(answer)).status_code == 302
    assert value_at(working_copy.read(pipeline.service), SUMMARY) == "Minun tekstini."


def test_two_who_change_different_texts_are_put_together(pipeline: Pipeline, client: Client) -> None:
    client.force_login(pipeline.partner)
    url = address(pipeline.service, "basics")
    data = posted(client.get(url)) | {"public-name": "Kielikahvila illalla"}
    pipeline.write("Heidän tekstinsä.")
    assert client.post(url, data).status_code == 302
    texts = working_copy.read(pipeline.service)["public"]["texts"]["fi"]
    assert (texts["name"], texts["summary"]) == ("Kielikahvila illalla", "Heidän tekstinsä.")


def test_a_municipalitys_own_part_is_written_by_its_partner_on_any_service(
    pipeline: Pipeline, client: Client
) -> None:
    Municipality.objects.get(code="092").partners.add(
        factories.OrganisationFactory(external_id="vantaa", kind="partner")
    )
    client.force_login(at("vantaa", "producer"))
    start = client.get(reverse("desk:start", args=["kielikahvila"]))
    section = reverse("desk:edit", args=["kielikahvila", "municipality-092"])
    assert start.headers["Location"] == section
    answer = save(client, section, lambda d: d.update({"internal-guidance": "<p>Vantaalla näin.</p>"}))
    assert answer.status_code == 302
    municipal = working_copy.read(pipeline.service)["internal"]["municipal"]
    assert municipal["092"]["fi"]["guidance"] == "<p>Vantaalla näin.</p>"
    assert client.get(reverse("desk:edit", args=["kielikahvila", "basics"])).status_code == 404


def test_a_provider_sees_no_internal_section(pipeline: Pipeline, client: Client) -> None:
    client.force_login(pipeline.provider)
    page = client.get(address(pipeline.service, "basics"))
    assert "muokkaa/guidance" not in page.content.decode()
    for section in ("guidance", "procurement", "municipality-049", "search"):
        assert client.get(address(pipeline.service, section)).status_code == 404
    assert "public-organiser" not in posted(page), "who produces a published service is the partner's to say"


def test_what_is_missing_is_linked_and_never_stops_a_saving(new_pipeline: Pipeline, client: Client) -> None:
    client.force_login(new_pipeline.provider)
    url = address(new_pipeline.service, "description")
    answer = save(client, url, lambda d: d.update({"public-participation": "", "public-requirements": ""}))
    assert answer.status_code == 302
    page = client.get(url)
    lacking = {lack.label: lack.url for lack in page.context["lacks"]}
    assert lacking == {
        "Näin haet mukaan": f"{url.removesuffix('?lang=fi')}#f-public-participation",
        "Mitä tarvitset": f"{url.removesuffix('?lang=fi')}#f-public-requirements",
    }


def test_the_number_of_queries_does_not_grow_with_what_a_section_holds(
    whole: Service, writer: Client, django_assert_max_num_queries: Any
) -> None:
    content = full()
    one = content["public"]["contacts"][0]
    content["public"]["contacts"] = [
        copy.deepcopy(one) | {"id": f"5f0f2c8e-0000-4000-8000-0000000000{number}"} for number in range(10, 40)
    ]
    factories.write(whole, content)
    writer.get(address(whole, "contacts"))
    with django_assert_max_num_queries(22):
        writer.get(address(whole, "contacts"))


@pytest.mark.parametrize("half", ["from", "to"])
def test_a_continuous_service_with_half_a_days_hours_says_what_is_missing(
    pipeline: Pipeline, client: Client, half: str
) -> None:
    client.force_login(pipeline.provider)
    page = reverse("desk:edit", args=["kielikahvila", "time_and_place"])
    sent = as_a_browser_sends(client.get(page).content, of="muokkaus")
    prefix = next(name for name in sent if name.endswith("-kind")).removesuffix("-kind")
    answer = client.post(page, sent | {f"{prefix}-kind": "continuous", f"{prefix}-fri-0-{half}": "09:00"})
    assert answer.status_code == 422
    assert "Anna molemmat ajat tai ei kumpaakaan." in answer.content.decode()


def test_a_weekday_is_named_in_the_readers_language(pipeline: Pipeline) -> None:
    content = working_copy.read(pipeline.service)
    schedule = content["public"]["schedules"][0]
    hours: Path = ("public", "schedules", schedule["id"], "hours", "mon")
    wrong = {hours: [["13:00", "15:00"], ["09:00", "11:00"]]}
    with pytest.raises(BadChanges, match="maanantai: "):
        editing.save(pipeline.service, wrong, by=pipeline.provider, base=pipeline.revision)


def test_a_section_in_which_nothing_stands_is_not_called_ready(
    new_pipeline: Pipeline, client: Client
) -> None:
    client.force_login(new_pipeline.partner)
    page = client.get(reverse("desk:edit", args=["kielikahvila", "basics"]))
    written = {one.key: written for one, _lacking, written in page.context["sections"]}
    assert written["basics"]
    empty = [key for key, has in written.items() if not has]
    assert "municipality-049" in empty
    assert page.content.decode().count("tyhjä") == len(empty)
