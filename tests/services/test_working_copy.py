"""The working copy: one way in, every change checked, and nothing written that is wrong."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from orgs import clock
from orgs.actors import System
from orgs.models import Organisation, User
from services import revisions, working_copy
from services.changes import BadChanges
from services.documents import municipal_text, text
from services.fields import Audience
from services.models import Place, Service, WorkingCopy
from services.working_copy import OutOfDate
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")

NAME = text(Audience.PUBLIC, "fi", "name")
GUIDANCE = text(Audience.INTERNAL, "fi", "guidance")
ITEM = "5f0f2c8e-0000-4000-8000-000000000009"


@pytest.fixture
def service() -> Service:
    return factories.service()


def change(service: Service, wanted: Any, *, by: Any = System.IMPORT, base: int = 1) -> int:
    return working_copy.apply(service, wanted, base=base, by=by)


def producer(organisation: str, role: str = "producer") -> User:
    found = Organisation.objects.get(external_id=organisation)
    return factories.member(found.kind, role, found)


def contact(**parts: Any) -> dict[Any, Any]:
    values = {
        "kind": "person", "name": "Onni Malli", "email": "onni@kielisilta.example", "phone": "",
        "municipality": None,
    }  # fmt: skip
    return {("public", "contacts"): [ITEM]} | {
        ("public", "contacts", ITEM, name): value for name, value in (values | parts).items()
    }


def test_what_is_written_is_read_back_and_makes_a_revision(service: Service) -> None:
    assert working_copy.read(service) == factories.document()
    assert change(service, {NAME: "Kahvila"}) == 2
    assert working_copy.read(service) == factories.document(texts=factories.texts(name="Kahvila"))


def test_what_changes_nothing_is_not_written(service: Service) -> None:
    before = WorkingCopy.objects.values().get()
    assert change(service, {NAME: " Kielikahvila ", ("public", "needs"): ["language_skills"]}) == 1
    assert WorkingCopy.objects.values().get() == before
    assert WorkingCopy.history.count() == 1


def test_who_worked_on_an_older_revision_is_told(service: Service) -> None:
    change(service, {NAME: "Kahvila"})
    with pytest.raises(OutOfDate) as refusal:
        change(service, {NAME: "Kuppila"})
    assert refusal.value.revision == 2
    assert working_copy.read(service)["public"]["texts"]["fi"]["name"] == "Kahvila"


@pytest.mark.parametrize(
    ("wanted", "path", "words"),
    [
        ({("public", "secret"): "x"}, "public.secret", "kenttää ei ole"),
        ({("internal", "texts", "fi", "name"): "x"}, "internal.texts.fi.name", "kenttää ei ole"),
        ({("public", "texts", "suomi", "name"): "x"}, "public.texts.suomi.name", "kenttää ei ole"),
        ({("public", "paid"): "yes"}, "public.paid", "boolean"),
        ({NAME: "x" * 139}, "public.texts.fi.name", "Lyhennä 19 merkkiä"),
        ({("public", "needs"): ["juggling"]}, "public.needs", "'juggling'"),
        ({("public", "organiser"): "ei-ole"}, "public.organiser", "'ei-ole'"),
        ({("internal", "obligation"): "maybe"}, "internal.obligation", "'maybe'"),
        ({("public", "price"): "5.00"}, "public.price", "Poista hinta"),
        ({("editors", "search_boost"): 11}, "editors.search_boost", "11"),
        ({("public", "links"): ["x"]}, "public.links.x.url", "puuttuu"),
        (contact(email="onni"), f"public.contacts.{ITEM}.email", "'onni'"),
        (contact(municipality="998"), f"public.contacts.{ITEM}.municipality", "'998'"),
        ({("public", "contacts", ITEM, "name"): "Onni"}, f"public.contacts.{ITEM}.name", "ei ole tällaista"),
        ({municipal_text("998", "fi", "guidance"): "<p>x</p>"}, "internal.municipal.998", "'998'"),
        (
            {municipal_text("049", "fi", "measures"): "<p>x</p>"},
            "internal.municipal.049.fi.measures",
            "kenttää ei ole",
        ),
    ],
)
def test_whatever_is_wrong_is_told_with_its_place_and_nothing_is_written(
    service: Service, wanted: Any, path: str, words: str
) -> None:
    with pytest.raises(BadChanges) as refusal:
        change(service, {("public", "client_consent"): True} | wanted)
    (problem,) = refusal.value.problems
    assert ".".join(problem.path) == path
    assert words in problem.message
    assert working_copy.read(service) == factories.document()
    assert working_copy.revision_of(service) == 1


def test_all_errors_are_told_at_once(service: Service) -> None:
    with pytest.raises(BadChanges) as refusal:
        change(service, {("public", "needs"): ["x"], ("public", "delivery"): ["y"]})
    assert len(refusal.value.problems) == 2


def test_what_was_wrong_before_stands_in_nobodys_way(service: Service) -> None:
    copy = WorkingCopy.objects.get()
    copy.public["needs"] = ["gone"]
    copy.save()
    assert change(service, {NAME: "Kahvila"}) == 2
    with pytest.raises(BadChanges, match="'other'"):
        change(service, {("public", "needs"): ["gone", "other"]}, base=2)


def test_an_item_keeps_its_id_whatever_is_said_of_it(service: Service) -> None:
    change(service, contact())
    change(service, {("public", "contacts", ITEM, "title", "fi"): "Sihteeri"}, base=2)
    (found,) = working_copy.read(service)["public"]["contacts"]
    assert (found["id"], found["title"], found["info"]) == (ITEM, {"fi": "Sihteeri"}, {})


def test_a_link_keeps_its_finnish_title(service: Service) -> None:
    link = {("public", "links"): [ITEM], ("public", "links", ITEM, "url"): "https://kielisilta.example/"}
    change(service, link | {("public", "links", ITEM, "title", "fi"): "Sivut"})
    with pytest.raises(BadChanges) as refusal:
        change(service, {("public", "links", ITEM, "title", "fi"): ""}, base=2)
    (problem,) = refusal.value.problems
    assert problem.path == ("public", "links", ITEM, "title")
    assert "fi" in problem.message


def test_scripts_never_get_into_the_database(service: Service) -> None:
    change(service, {GUIDANCE: '<p onclick="x()">Ryhmä<script>alert(1)</script></p>'})
    assert WorkingCopy.objects.get().internal["texts"]["fi"]["guidance"] == "<p>Ryhmä</p>"


def test_the_services_columns_follow(service: Service) -> None:
    wanted = {
        ("public", "organiser"): "espoo",
        ("public", "producers"): ["espoo", "kielisilta"],
        text(Audience.PUBLIC, "sv", "name"): "Språkkafé",
    }
    change(service, wanted)
    fresh = Service.objects.get()
    assert fresh.names == {"fi": "Kielikahvila", "sv": "Språkkafé"}
    assert str(fresh.organiser) == "Espoon kaupunki"
    assert {one.external_id for one in fresh.producers.all()} == {"espoo", "kielisilta"}


class TestWhoMayWriteWhat:
    def test_a_provider_writes_its_own_public_information(self, service: Service) -> None:
        assert change(service, {NAME: "Kahvila"}, by=producer("kielisilta")) == 2

    @pytest.mark.parametrize(
        "wanted",
        [{GUIDANCE: "<p>x</p>"}, {("internal", "contract_number"): "1"},
         {municipal_text("049", "fi", "guidance"): "<p>x</p>"}, {("editors", "search_boost"): 3}],
    )  # fmt: skip
    def test_and_nothing_else_not_even_beside_it(self, service: Service, wanted: Any) -> None:
        with pytest.raises(PermissionDenied):
            change(service, {NAME: "Kahvila"} | wanted, by=producer("kielisilta"))
        assert working_copy.revision_of(service) == 1

    def test_a_municipality_is_written_by_its_own_partner(self, service: Service) -> None:
        vantaa = factories.OrganisationFactory(kind="partner")
        vantaa.municipalities.set(["092"])
        writer = factories.member("partner", "producer", vantaa)
        assert change(service, {municipal_text("092", "fi", "guidance"): "<p>x</p>"}, by=writer) == 2
        for wanted in ({municipal_text("049", "fi", "guidance"): "<p>x</p>"}, {GUIDANCE: "<p>x</p>"}):
            with pytest.raises(PermissionDenied):
                change(service, wanted, by=writer, base=2)

    def test_the_search_boost_is_for_those_who_may_publish_any_service(self, service: Service) -> None:
        boost = {("editors", "search_boost"): 3}
        with pytest.raises(PermissionDenied):
            change(service, boost, by=producer("espoo", "main_user"))
        assert change(service, boost, by=factories.member("project", "ict_specialist")) == 2

    def test_a_provider_does_not_give_a_published_service_to_others(self, service: Service) -> None:
        factories.publish(service)
        wanted = {("public", "producers"): ["espoo"]}
        with pytest.raises(PermissionDenied):
            change(service, wanted, by=producer("kielisilta"))
        assert change(service, wanted, by=producer("espoo")) == 2

    def test_the_systems_parts_have_names_and_rights_of_their_own(self, service: Service) -> None:
        assert WorkingCopy.objects.get().changed_as == System.IMPORT
        with pytest.raises(PermissionDenied):
            change(service, {NAME: "Kahvila"}, by=System.SCHEDULE)


class TestHistory:
    def test_says_who_wrote_which_revision(self, service: Service) -> None:
        writer = producer("kielisilta")
        change(service, {NAME: "Kahvila"}, by=writer)
        copy = WorkingCopy.objects.get()
        assert [(step.revision, step.by) for step in revisions.steps_of(copy)][::-1] == [
            (1, System.IMPORT), (2, writer.pk),
        ]  # fmt: skip
        assert revisions.document_at(copy, 1) == factories.document()
        assert revisions.document_at(copy, 0) is None

    def test_keeps_one_entry_of_each_writing_session_that_is_over(self, service: Service) -> None:
        one, two = producer("kielisilta"), producer("espoo")
        start = clock.now()
        for minutes, by in ((0, one), (5, one), (10, two), (20, one), (49, one), (80, one)):
            with time_machine.travel(start + datetime.timedelta(minutes=minutes), tick=False):
                change(service, {NAME: f"Kahvila {minutes}"}, by=by, base=working_copy.revision_of(service))
        assert WorkingCopy.history.count() == 7, "pages that are still open may need any of them"
        with time_machine.travel(start + datetime.timedelta(days=2), tick=False):
            change(service, {NAME: "Kahvila"}, by=two, base=7)
        kept = sorted(WorkingCopy.history.values_list("revision", flat=True))
        assert kept == [1, 3, 4, 6, 7, 8]

    def test_publishing_writes_no_entry(self, service: Service) -> None:
        factories.publish(service)
        assert WorkingCopy.history.count() == 1


def test_reading_and_saving_ask_little_of_the_database(
    service: Service, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        working_copy.read(service)
    with django_assert_num_queries(7):  # a transaction's two savepoints among them
        change(service, {text(Audience.PUBLIC, "fi", "summary"): "Puhut suomea."})


def test_a_place_is_named_by_its_id(service: Service) -> None:
    Place.objects.create(external_id="kirjasto", name={"fi": "Kirjasto"}, city={"fi": "Espoo"})
    path = ("public", "schedules", "5f0f2c8e-0000-4000-8000-000000000001", "place")
    assert change(service, {path: "kirjasto"}) == 2
    with pytest.raises(BadChanges, match="'ei-ole'"):
        change(service, {path: "ei-ole"}, base=2)


@pytest.mark.parametrize(
    ("begins", "ends", "wrong"),
    [("09:00", "09:01", False), ("09:00", "09:00", True), ("09:01", "09:00", True), ("09:00", None, False)],
)
def test_a_date_ends_later_than_it_begins(
    service: Service, begins: str, ends: str | None, wrong: bool
) -> None:
    date = {
        "id": "5f0f2c8e-0000-4000-8000-00000000000a", "starts": "2027-01-11", "ends": None, "from": begins,
        "to": ends, "apply_by": None,
    }  # fmt: skip
    schedule: dict[str, Any] = {
        "id": "5f0f2c8e-0000-4000-8000-00000000000b", "kind": "dates", "place": None, "dates": [date],
        "hours": {}, "place_text": {}, "time_text": {},
    }  # fmt: skip
    if wrong:
        with pytest.raises(BadChanges, match=r"public\.schedules"):
            factories.write(service, factories.document(schedules=[schedule]))
    else:
        factories.write(service, factories.document(schedules=[schedule]))
        assert working_copy.read(service)["public"]["schedules"] == [schedule]
