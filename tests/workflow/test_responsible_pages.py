"""The pages on responsibility: what is listed, narrowed and counted, and a move from choosing to undoing."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from orgs import clock
from orgs.models import Organisation, User
from services.models import Service, Transfer, WorkingCopy, responsible_on
from services.responsible.balance import balances
from services.responsible.selection import SelectionForm, live, seen_by
from tests import factories
from tests.clients import Client
from tests.services.site_pages import elements as elements_of
from tests.services.site_pages import words as words_of
from tests.workflow.conftest import Pipeline, at

DECISION = "Ohjausryhmä 1/2026 § 4"
LIST, NEW = "responsible:services", "responsible:new"


def manager() -> User:
    if not Organisation.objects.filter(external_id="projekti").exists():
        factories.OrganisationFactory(kind="project", external_id="projekti")
    return at("projekti", "project_manager")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return words_of(response.content.decode())


def elements(response: Any, tag: str) -> list[dict[str, str | None]]:
    return [one.attributes for one in elements_of(response.content.decode(), tag)]


@pytest.mark.usefixtures("manual")
class TestNarrowing:
    """Over the whole demo: each choice lists those services, and all those, of which it is true."""

    def found(self, **asked: str) -> set[Service]:
        user = manager()
        form = SelectionForm(asked, user)
        assert form.is_valid(), form.errors
        return set(form.of(seen_by(user)))

    def expected(self, true: Callable[[Service], bool]) -> set[Service]:
        return {one for one in Service.objects.exclude(status="archived") if true(one)}

    def test_by_partner_it_lists_whose_the_service_is_today(self) -> None:
        for partner in Organisation.objects.partners():
            listed = self.found(partner=partner.external_id)
            assert listed == self.expected(lambda one, partner=partner: one.responsible_partner == partner)  # type: ignore[misc]
        assert listed

    def test_by_basis_it_lists_what_rests_on_it_today(self) -> None:
        today = clock.today()
        bases = {one: row.basis for one in Service.objects.all() if (row := responsible_on(one, today))}
        assert len(set(bases.values())) > 2
        for basis in set(bases.values()):
            listed = self.found(basis=basis or "proposed")
            assert listed == self.expected(lambda one, basis=basis: bases.get(one) == basis)  # type: ignore[misc]

    def test_by_theme_and_municipality_it_lists_what_is_written(self) -> None:
        written = {
            row.service: row.document["public"] for row in WorkingCopy.objects.select_related("service")
        }
        for theme in {key for document in written.values() for key in document["needs"]}:
            listed = self.found(theme=f"need:{theme}")
            assert listed
            assert listed <= self.expected(lambda one, theme=theme: theme in written[one]["needs"])  # type: ignore[misc]
        here = self.found(municipality="049")
        assert here == self.expected(
            lambda one: written[one]["any_municipality"] or "049" in written[one]["municipalities"]
        )

    def test_by_a_procurement_it_lists_those_of_its_contract(self) -> None:
        bought = WorkingCopy.objects.select_related("service").first()
        assert bought is not None
        bought.internal["contract_number"] = "H-12/2026"
        bought.save()
        assert self.found(procurement="h-12") == {bought.service}
        assert self.found(procurement="12/2026") == set()

    def test_the_balance_counts_each_live_service_once(self) -> None:
        rows = balances(live())
        assert sum(row.total for row in rows) == live().count()
        assert sum(row.of_all for row in rows) == 1
        assert sum(row.share or 0 for row in rows) == 1
        for row in rows:
            assert row.total == live().filter(responsible_partner=row.partner).count()

    def test_the_page_takes_as_many_queries_for_all_as_for_one(
        self, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        client = client_of(manager())
        for query in ({}, {"words": "kurssi"}):
            with django_assert_max_num_queries(25):
                assert client.get(reverse(LIST), query).status_code == 200


def test_a_procurement_is_for_readers_of_internal_information(pipeline: Pipeline) -> None:
    asked = {"procurement": "1"}
    assert "procurement" in SelectionForm(asked, at("espoo", "main_user")).fields
    seated = factories.UserFactory()
    assert "procurement" not in SelectionForm(asked, seated).fields


def test_a_draft_of_others_is_listed_for_the_project_alone(new_pipeline: Pipeline) -> None:
    stranger = factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})
    outsider = factories.member("partner", "main_user", stranger)
    assert new_pipeline.service in seen_by(manager())
    assert new_pipeline.service in seen_by(at("espoo", "main_user"))
    assert new_pipeline.service not in seen_by(outsider)


class TestAMove:
    """From the list to the decision, its preview, its page and its undoing."""

    @pytest.fixture
    def vantaa(self) -> Organisation:
        return factories.OrganisationFactory(kind="partner", external_id="vantaa", name={"fi": "Vantaa"})

    def given(self, **more: str) -> dict[str, str]:
        told = {"partner": "vantaa", "basis": "thematic", "decision": DECISION}
        return told | {"starts_on": clock.today().isoformat()} | more

    def address(self, pipeline: Pipeline) -> str:
        return f"{reverse(NEW)}?service={pipeline.service.external_id}"

    def seen(self, response: Any) -> str:
        values = [one["value"] for one in elements(response, "button") if one.get("name") == "seen"]
        assert len(values) == 1
        return str(values[0])

    def test_is_looked_at_first_and_then_made(self, pipeline: Pipeline, vantaa: Organisation) -> None:
        client = client_of(manager())
        looked = client.post(self.address(pipeline), self.given())
        assert "1 palvelu siirtyy: Vantaa vastaa siitä" in words(looked)
        assert not Transfer.objects.exists()
        made = client.post(self.address(pipeline), self.given(seen=self.seen(looked)), follow=True)
        assert "Vastuu siirrettiin" in words(made)
        assert "Espoon kaupunki" in words(made)
        pipeline.service.refresh_from_db()
        assert pipeline.service.responsible_partner == vantaa

    def test_another_one_than_was_looked_at_is_shown_again(
        self, pipeline: Pipeline, vantaa: Organisation
    ) -> None:
        client = client_of(manager())
        seen = self.seen(client.post(self.address(pipeline), self.given()))
        again = client.post(self.address(pipeline), self.given(seen=seen, decision="Toinen päätös"))
        assert self.seen(again) != seen
        assert not Transfer.objects.exists()

    def test_that_lacks_something_says_so_beside_the_box_and_keeps_what_was_typed(
        self, pipeline: Pipeline, vantaa: Organisation
    ) -> None:
        refused = client_of(manager()).post(self.address(pipeline), self.given(basis=""))
        assert refused.status_code == 422
        assert [one["aria-invalid"] for one in elements(refused, "select") if one["id"] == "id_basis"] == [
            "true"
        ]
        assert DECISION in refused.content.decode()

    def test_of_nothing_chosen_leads_back_with_a_word(self, pipeline: Pipeline) -> None:
        answer = client_of(manager()).get(reverse(NEW), follow=True)
        assert "Valitse vähintään yksi palvelu" in answer.content.decode()

    def test_of_all_that_were_asked_for_moves_all(self, pipeline: Pipeline, vantaa: Organisation) -> None:
        factories.service("toinen")
        client, address = client_of(manager()), f"{reverse(NEW)}?all=1&partner=espoo"
        seen = self.seen(client.post(address, self.given()))
        client.post(address, self.given(seen=seen))
        assert Transfer.objects.get().rows.count() == Service.objects.count() == 2

    def test_is_undone_on_its_page(self, pipeline: Pipeline, vantaa: Organisation) -> None:
        client = client_of(manager())
        seen = self.seen(client.post(self.address(pipeline), self.given()))
        client.post(self.address(pipeline), self.given(seen=seen))
        number = Transfer.objects.get().pk
        undone = client.post(reverse("responsible:undo", args=[number]), follow=True)
        assert "Siirto on peruttu" in words(undone)
        actions = [one.get("action") for one in elements(undone, "form")]
        assert reverse("responsible:undo", args=[number]) not in actions
        again = client.post(reverse("responsible:undo", args=[number]), follow=True)
        assert "vuorokauden kuluessa" in again.content.decode()

    def test_of_a_draft_is_read_by_the_partner_that_gave_it_away(
        self, new_pipeline: Pipeline, vantaa: Organisation
    ) -> None:
        client = client_of(manager())
        seen = self.seen(client.post(self.address(new_pipeline), self.given()))
        client.post(self.address(new_pipeline), self.given(seen=seen))
        page = reverse("responsible:transfer", args=[Transfer.objects.get().pk])
        kauniainen = factories.OrganisationFactory(kind="partner", external_id="kauniainen")
        readers = {
            at("espoo", "main_user"): 200,
            factories.member("partner", "main_user", vantaa): 200,
            factories.member("partner", "main_user", kauniainen): 404,
        }
        for reader, status in readers.items():
            assert client_of(reader).get(page).status_code == status

    def test_ahead_is_told_in_the_list(self, pipeline: Pipeline, vantaa: Organisation) -> None:
        client, day = client_of(manager()), clock.today() + datetime.timedelta(days=30)
        given = self.given(starts_on=day.isoformat())
        seen = self.seen(client.post(self.address(pipeline), given))
        client.post(self.address(pipeline), given | {"seen": seen})
        listed = words(client.get(reverse(LIST)))
        assert f"Vantaa {day.day}.{day.month}.{day.year} alkaen" in listed
