"""Keeping vocabularies, statutory wordings and places, and what uses each."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs.models import LogEntry, Organisation, User
from palvelumanuaali import celery_app
from services.fields import FIELDS, Field
from services.keeping import places, terms, uses, wordings
from services.models import Place, PublishedService, StatutoryOption, StatutoryWording, Term
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client
from workflow.desk.boxes import BOXES

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.fixture
def specialist() -> User:
    return factories.member("project", "ict_specialist")


@pytest.fixture
def ict(client: Client, specialist: User) -> Client:
    client.force_login(specialist)
    return client


@pytest.fixture
def at_once() -> Iterator[None]:
    """Have tasks run where they are called, as a worker would soon after."""
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture
def need() -> Term:
    return Term.objects.get(vocabulary="need", key="language_skills")


def term_page(term: Term) -> str:
    return reverse("keeping:term", args=[term.vocabulary, term.key])


# Vocabularies


def test_a_changed_label_is_written_by_language_and_reaches_the_published_pages(
    ict: Client, need: Term, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    factories.published()
    form = {"label_fi": "Kielen oppiminen", "label_sv": "Att lära sig språk", "label_en": ""}
    with django_capture_on_commit_callbacks(execute=True):
        answer = ict.post(term_page(need), form)
    assert answer.status_code == 302
    need.refresh_from_db()
    assert need.label == {"fi": "Kielen oppiminen", "sv": "Att lära sig språk"}
    assert need.key == "language_skills"
    document = PublishedService.objects.get(language="fi").document
    assert document["terms"]["needs"][0]["label"] == "Kielen oppiminen"


def test_a_label_without_finnish_is_refused_and_nothing_is_lost(ict: Client, need: Term) -> None:
    answer = ict.post(term_page(need), {"label_sv": "Språk"})
    assert answer.status_code == 422
    assert "Suomenkielinen teksti puuttuu" in answer.content.decode()
    assert "Språk" in answer.content.decode()
    need.refresh_from_db()
    assert need.label["fi"] == "Kielitaito"


def test_a_term_is_saved_as_a_browser_sends_it_and_its_history_is_kept(ict: Client, need: Term) -> None:
    sent = as_a_browser_sends(ict.get(term_page(need)).content, of="words") | {
        "label_fi": ["Kielen oppiminen"]
    }
    assert ict.post(term_page(need), sent).status_code == 302
    need.refresh_from_db()
    assert need.label["fi"] == "Kielen oppiminen"
    entry = LogEntry.objects.get(event="vocabulary_changed")
    assert entry.detail == {"done": "changed", "vocabulary": "need", "key": "language_skills"}
    assert [row.label["fi"] for row in need.history.all()][-1] == "Kielitaito"


def test_a_new_term_gets_a_key_of_its_name_and_the_last_place(ict: Client) -> None:
    page = reverse("keeping:term_new", args=["need"])
    for _again in range(2):
        assert ict.post(page, {"label_fi": "Työpaja & käsityöt"}).status_code == 302
    made = [one.key for one in terms.in_order("need")][-2:]
    assert made == ["tyopaja-kasityot", "tyopaja-kasityot-2"]


@pytest.mark.parametrize("name", ["audience", "age_band"])
def test_nothing_is_added_to_or_taken_from_what_rules_name(ict: Client, specialist: User, name: str) -> None:
    assert ict.get(reverse("keeping:term_new", args=[name])).status_code == 404
    with pytest.raises(ValidationError):
        terms.save(Term(vocabulary=name, label={"fi": "Muu"}), by=specialist)
    with pytest.raises(ValidationError):
        terms.remove(terms.in_order(name)[0], by=specialist)


def test_a_term_moves_within_its_level_and_takes_those_under_it_along(specialist: User) -> None:
    before = terms.in_order("category")
    second = [one for one in before if one.parent is None][1]
    terms.move(second, up=True, by=specialist)
    after = terms.in_order("category")
    assert after[0] == second
    assert [one.parent for one in after[1:3]] == [second, second]
    assert [one.position for one in after] == list(range(len(after)))
    assert {one.pk for one in after} == {one.pk for one in before}


def test_the_first_stays_first_when_it_is_moved_up(specialist: User) -> None:
    before = terms.in_order("need")
    terms.move(before[0], up=True, by=specialist)
    terms.move(before[-1], up=False, by=specialist)
    assert terms.in_order("need") == before


def test_a_term_that_a_service_uses_stays_and_its_page_names_the_service(ict: Client, need: Term) -> None:
    factories.published()
    text = ict.get(term_page(need)).content.decode()
    assert "Kielikahvila" in text
    assert reverse("site:service", args=["kielikahvila"]) in text
    assert reverse("keeping:term_remove", args=["need", need.key]) not in text
    answer = ict.post(reverse("keeping:term_remove", args=["need", need.key]), follow=True)
    assert "sitä ei voi poistaa" in answer.content.decode()
    assert Term.objects.filter(pk=need.pk).exists()


def test_a_term_that_nothing_uses_can_be_removed(ict: Client, specialist: User) -> None:
    unused = Term(vocabulary="need", label={"fi": "Turha"})
    terms.save(unused, by=specialist)
    assert "voi poistaa" in ict.get(term_page(unused)).content.decode()
    assert ict.post(reverse("keeping:term_remove", args=["need", unused.key])).status_code == 302
    assert not Term.objects.filter(vocabulary="need", key="turha").exists()


def test_a_category_stands_under_one_of_the_top_level_only(specialist: User) -> None:
    top, other = [one for one in terms.in_order("category") if one.parent is None][:2]
    child = top.children.first()
    assert child is not None
    for term, parent in ((top, other), (child, child), (other, child)):
        moved = Term.objects.get(pk=term.pk)
        moved.parent = Term.objects.get(pk=parent.pk)
        with pytest.raises(ValidationError):
            terms.save(moved, by=specialist)
    child.parent = other
    terms.save(child, by=specialist)
    assert child in other.children.all()


def test_a_draft_and_an_earlier_version_count_as_uses_that_are_not_shown(need: Term) -> None:
    content = factories.document()
    service = factories.published(content=content).service
    assert uses.of("need")["language_skills"].published == {service.pk}
    draft = factories.service("luonnos")
    assert "language_skills" in draft.working_copy.public["needs"]
    found = uses.of("need")["language_skills"]
    assert (found.published, found.elsewhere) == ({service.pk}, 1)


@pytest.mark.parametrize(
    ("name", "value", "vocabulary", "keys"),
    [
        ("needs", ["a", "b"], "need", ["a", "b"]),
        ("needs", ["a"], "category", []),
        ("languages", [{"language": "fi", "level": "b1"}], "service_language", ["fi"]),
        ("languages", [{"language": "fi", "level": "b1"}], "language_level", ["b1"]),
        ("languages", [{"language": "fi", "level": None}], "language_level", []),
        ("schedules", [{"place": "talo"}, {"place": None}], "place", ["talo"]),
        ("obligation", "binding", "obligation", ["binding"]),
        ("obligation", None, "obligation", []),
        ("benefits", ["travel"], "benefit", ["travel"]),
        ("paid", True, "need", []),
    ],
)
def test_keys_are_found_where_fields_hold_them(
    name: str, value: Any, vocabulary: str, keys: list[str]
) -> None:
    (field,) = (one for one in FIELDS if one.name == name and not one.translatable)
    assert list(uses.keys_in(field, value, vocabulary)) == keys


@given(st.sampled_from(FIELDS), st.sampled_from(["need", "place", "language_level", "benefit", "muu"]))
def test_an_empty_field_names_nothing(field: Field, vocabulary: str) -> None:
    assert list(uses.keys_in(field, field.empty, vocabulary)) == []


# Statutory wordings


@pytest.fixture
def option() -> StatutoryOption:
    return StatutoryOption.objects.get(kind="statement", key="given")


def option_page(name: str, option: StatutoryOption, *more: object) -> str:
    return reverse(f"keeping:{name}", args=[option.kind, option.key, *more])


def test_a_new_wording_starts_from_the_one_in_force_and_leaves_it_as_it_is(
    ict: Client, option: StatutoryOption
) -> None:
    before = option.wordings.get()
    page = option_page("wording_new", option)
    sent = as_a_browser_sends(ict.get(page).content, of="words")
    assert sent["text_sv"] == [before.text["sv"]]
    changed = {"valid_from": ["2027-01-01"], "label_fi": ["Lausunto annetaan aina"]}
    assert ict.post(page, sent | changed).status_code == 302
    assert [w.valid_from.year for w in option.wordings.all()] == [2025, 2027]
    assert option.wordings.get(valid_from=before.valid_from).label == before.label
    assert LogEntry.objects.get(event="wording_changed").detail == {
        "done": "added", "kind": "statement", "key": "given", "day": "2027-01-01",
    }  # fmt: skip


def test_a_wording_in_force_is_neither_mended_nor_taken_back(
    ict: Client, specialist: User, option: StatutoryOption
) -> None:
    now = option.wordings.get()
    forged = {"valid_from": "2027-01-01", "label_fi": "Toinen sana"}
    for name in ("wording", "withdraw"):
        answer = ict.post(option_page(name, option, now.pk), forged, follow=True)
        assert "pysyy ennallaan" in answer.content.decode()
    with pytest.raises(ValidationError):
        wordings.save_wording(now, by=specialist)
    assert option.wordings.get().label == now.label


def test_a_wording_to_come_is_mended_with_its_history_or_taken_back(
    ict: Client, option: StatutoryOption
) -> None:
    coming = StatutoryWording.objects.create(option=option, valid_from="2027-01-01", label={"fi": "Virhe"})
    page = option_page("wording", option, coming.pk)
    sent = as_a_browser_sends(ict.get(page).content, of="words") | {"label_fi": ["Oikein"]}
    assert ict.post(page, sent).status_code == 302
    coming.refresh_from_db()
    assert coming.label == {"fi": "Oikein"}
    assert [row.label["fi"] for row in coming.history.all()] == ["Oikein", "Virhe"]
    assert ict.post(option_page("withdraw", option, coming.pk)).status_code == 302
    assert option.wordings.count() == 1


@pytest.mark.parametrize(("day", "status"), [("2026-11-22", 422), ("2026-11-23", 302)])
def test_a_wording_begins_today_at_the_earliest(
    ict: Client, option: StatutoryOption, day: str, status: int
) -> None:
    answer = ict.post(option_page("wording_new", option), {"valid_from": day, "label_fi": "Uusi"})
    assert answer.status_code == status
    assert ("voi alkaa aikaisintaan tänään" in answer.content.decode()) == (status == 422)
    assert option.wordings.count() == (1 if status == 422 else 2)


def test_an_option_is_added_with_its_first_wording(ict: Client) -> None:
    form = {"kind": "benefit", "valid_from": "2027-01-01", "label_fi": "Kulukorvaus", "text_fi": "Haetaan."}
    assert ict.post(reverse("keeping:option_new"), form).status_code == 302
    made = StatutoryOption.objects.get(kind="benefit", key="kulukorvaus")
    assert made.wordings.get().text == {"fi": "Haetaan."}


def test_an_option_that_ended_is_offered_no_more_but_stays_where_it_was_chosen(
    ict: Client, specialist: User, option: StatutoryOption
) -> None:
    answer = ict.post(option_page("option_end", option), {"last_day": "2026-11-22"})
    assert answer.status_code == 422
    wordings.end_option(option, datetime.date(2026, 11, 23), by=specialist)
    (field,) = (one for one in FIELDS if one.name == "statement")

    def offered(chosen: str | None) -> list[str]:
        return [key for key, _label in BOXES[field.kind].make(field, chosen, "").choices]  # type: ignore[attr-defined]

    assert "given" in offered(None)
    with time_machine.travel(datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC), tick=False):
        assert "given" not in offered(None)
        assert "given" in offered("given")
    wordings.end_option(option, None, by=specialist)
    assert "given" in offered(None)


# Places


@pytest.fixture
def espoo() -> Organisation:
    return Organisation.objects.get(external_id="espoo")


def place(**more: Any) -> Place:
    values = {"external_id": "talo", "name": {"fi": "Talo"}, "postal_code": "02600", "city": {"fi": "Espoo"}}
    return Place.objects.create(**values | more)


def test_main_users_keep_the_places_of_their_own_organisation_and_area(espoo: Organisation) -> None:
    vantaa = factories.OrganisationFactory(external_id="vantaa", kind="partner")
    own = place(owner=espoo)
    in_the_area = place(external_id="alueella", municipality_id="049")
    foreign = place(external_id="vieras", owner=vantaa, municipality_id="049")
    user = factories.member("partner", "main_user", espoo)
    assert set(places.kept_by(user)) == {own, in_the_area}
    with pytest.raises(PermissionDenied):
        places.save(foreign, (), by=user)
    own.owner = vantaa
    with pytest.raises(PermissionDenied):
        places.save(own, (), by=user)
    assert Place.objects.get(pk=own.pk).owner == espoo


def test_a_main_user_adds_a_place_and_services_pages_follow_its_changes(
    client: Client, espoo: Organisation, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(factories.member("partner", "main_user", espoo))
    page = reverse("keeping:place_new")
    sent = as_a_browser_sends(client.get(page).content, of="words")
    assert sent["owner"] == [str(espoo.pk)]
    filled = {
        "name_fi": ["Leppävaaran talo"], "postal_code": ["0260"],
        "city_fi": ["Espoo"], "municipality": ["049"],
    }  # fmt: skip
    answer = client.post(page, sent | filled)
    assert answer.status_code == 422
    assert "Kirjoita viisi numeroa" in answer.content.decode()
    assert client.post(page, sent | filled | {"postal_code": ["02600"]}).status_code == 302
    made = Place.objects.get()
    assert (made.external_id, made.owner) == ("leppavaaran-talo", espoo)
    content = factories.document()
    content["public"]["schedules"][0]["place"] = made.external_id
    factories.published(content=content)
    page = reverse("keeping:place", args=[made.external_id])
    assert "Kielikahvila" in client.get(page).content.decode()
    sent = as_a_browser_sends(client.get(page).content, of="words") | {"street_fi": ["Oppikuja 7"]}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, sent).status_code == 302
    shown = client.get(reverse("site:service", args=["kielikahvila"])).content.decode()
    assert "Oppikuja 7" in shown
    assert client.post(reverse("keeping:place_remove", args=[made.external_id])).status_code == 302
    assert Place.objects.filter(pk=made.pk).exists()


def test_a_place_that_nothing_names_can_be_removed(ict: Client) -> None:
    one = place()
    assert ict.post(reverse("keeping:place_remove", args=[one.external_id])).status_code == 302
    assert not Place.objects.exists()
    assert LogEntry.objects.get(event="place_changed").detail == {"done": "removed", "place": "talo"}


def test_places_are_looked_for_by_name_and_address(ict: Client) -> None:
    place(street={"fi": "Oppikuja 5"})
    page = reverse("keeping:places")
    for q, found in (("talo", True), ("OPPIKUJA", True), ("02600", True), ("Vantaa", False)):
        assert ("02600 Espoo" in ict.get(page, {"q": q}).content.decode()) == found
