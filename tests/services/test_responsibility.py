"""Who is responsible for a service on which day, and who says so."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from orgs import clock
from orgs.models import Organisation, User
from services import responsibility, working_copy
from services.models import PublishedService, Responsibility, Service, responsible_on
from services.publishing import NobodyResponsible
from tests import factories

pytestmark = pytest.mark.usefixtures("vocabulary")
D = datetime.date


@pytest.fixture
def vantaa() -> Organisation:
    return factories.OrganisationFactory(external_id="vantaa", kind="partner", name={"fi": "Vantaa"})


def at(organisation: Organisation | str, role: str = "producer") -> User:
    found = (
        organisation
        if isinstance(organisation, Organisation)
        else Organisation.objects.get(external_id=organisation)
    )
    return factories.member(found.kind, role, found)


def manager() -> User:
    return factories.member("project", "project_manager")


def give(service: Service, partner: Organisation, day: datetime.date) -> Responsibility:
    return responsibility.assign(
        service, partner, basis="thematic", starts_on=day, decision="Ohjausryhmä 18.11.2026 § 4", by=manager()
    )


def named(service: Service) -> tuple[str, str]:
    service.refresh_from_db()
    partner = service.responsible_partner
    row = PublishedService.objects.get(service=service, language="fi")
    assert partner
    return partner.external_id, row.document["responsible_partner"]["name"]


def test_who_was_responsible_on_a_day_can_always_be_told(vantaa: Organisation) -> None:
    service = factories.service()
    give(service, vantaa, D(2026, 3, 1))
    answers = [
        (row.partner.external_id if (row := responsible_on(service, day)) else None)
        for day in (D(2024, 8, 31), D(2024, 9, 1), D(2026, 2, 28), D(2026, 3, 1), D(2030, 1, 1))
    ]
    assert answers == [None, "espoo", "espoo", "vantaa", "vantaa"]


def test_of_two_rows_with_one_day_the_later_counts(vantaa: Organisation) -> None:
    service = factories.service()
    for partner in (vantaa, Organisation.objects.get(external_id="espoo")):
        give(service, partner, D(2026, 3, 1))
    row = responsible_on(service, D(2026, 3, 1))
    assert row
    assert row.partner.external_id == "espoo"


def test_the_page_and_the_rights_follow_at_once(vantaa: Organisation) -> None:
    service = factories.published().service
    give(service, vantaa, clock.today())
    assert named(service) == ("vantaa", "Vantaa")
    factories.write(service, factories.document(texts=factories.texts(name="Kahvila")))
    with pytest.raises(PermissionDenied):
        factories.publish(service, by=at("espoo"))
    factories.publish(service, by=at(vantaa))


def test_a_day_to_come_takes_effect_on_that_day_and_once(vantaa: Organisation) -> None:
    service = factories.published().service
    give(service, vantaa, D(2027, 1, 1))
    assert named(service) == ("espoo", "Espoon kaupunki")
    with time_machine.travel(datetime.datetime(2026, 12, 31, 12, tzinfo=datetime.UTC), tick=False):
        assert responsibility.follow() == 0
    with time_machine.travel(datetime.datetime(2027, 1, 4, 12, tzinfo=datetime.UTC), tick=False):
        assert (responsibility.follow(), responsibility.follow()) == (1, 0)
    assert named(service) == ("vantaa", "Vantaa")


@pytest.mark.parametrize(
    ("organisation", "role"), [("espoo", "main_user"), ("espoo", "producer"), ("kielisilta", "main_user")]
)
def test_only_the_project_sets_it(vantaa: Organisation, organisation: str, role: str) -> None:
    service, by = factories.service(), at(organisation, role)
    with pytest.raises(PermissionDenied):
        responsibility.assign(service, vantaa, basis="national", starts_on=clock.today(), decision="x", by=by)


@pytest.mark.parametrize(
    ("basis", "decision"), [("", ""), ("", "Päätös"), ("regional", " "), ("whim", "Päätös")]
)
def test_every_row_has_a_basis_and_names_a_decision(basis: str, decision: str, vantaa: Organisation) -> None:
    service = factories.service()
    with pytest.raises(ValidationError):
        responsibility.assign(
            service, vantaa, basis=basis, starts_on=clock.today(), decision=decision, by=manager()
        )
    assert Responsibility.objects.count() == 1


def test_a_provider_or_a_closed_partner_is_never_responsible(vantaa: Organisation) -> None:
    service = factories.service()
    vantaa.closed_on = clock.today()
    vantaa.save()
    for partner in (vantaa, Organisation.objects.get(external_id="kielisilta")):
        with pytest.raises(ValidationError):
            give(service, partner, clock.today())


def test_rows_stay() -> None:
    factories.service()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Responsibility.objects.update(decision="toinen")


class TestANewService:
    """A partner begins with itself; a provider proposes, and the partner accepts or passes it on."""

    @pytest.fixture
    def new(self) -> Service:
        return working_copy.create("uusi", "uusi", by=factories.UserFactory())

    def test_of_a_partner_is_its_own(self, new: Service, vantaa: Organisation) -> None:
        espoo = Organisation.objects.get(external_id="espoo")
        writer = at(espoo)
        with pytest.raises(PermissionDenied):
            responsibility.begin(new, vantaa, basis="regional", decision="x", by=writer)
        made = responsibility.begin(new, espoo, basis="regional", decision="Alueemme palvelu", by=writer)
        assert (made.partner, made.set_by, made.starts_on) == (espoo, writer, clock.today())
        with pytest.raises(PermissionDenied):
            responsibility.begin(new, espoo, basis="national", decision="Toisin", by=writer)

    def test_of_a_provider_waits_for_the_partners_word(self, new: Service) -> None:
        self.propose(new)
        factories.write(new, factories.document())
        with pytest.raises(NobodyResponsible, match="vastaa palvelusta"):
            factories.publish(new)
        with pytest.raises(PermissionDenied):
            responsibility.accept(new, basis="regional", decision="x", by=at("kielisilta"))
        accepted = responsibility.accept(new, basis="regional", decision="Alueemme palvelu", by=at("espoo"))
        assert not accepted.is_proposal
        assert factories.publish(new, by=at("espoo")).number == 1
        with pytest.raises(ValidationError):
            responsibility.accept(new, basis="national", decision="Toisin", by=at("espoo"))

    def test_may_be_passed_on_to_another_partner(self, new: Service, vantaa: Organisation) -> None:
        self.propose(new)
        reviewer = at("espoo")
        responsibility.pass_on(new, vantaa, by=reviewer)
        with pytest.raises(PermissionDenied):
            responsibility.accept(new, basis="regional", decision="x", by=reviewer)
        accepted = responsibility.accept(new, basis="regional", decision="Vantaan palvelu", by=at(vantaa))
        assert accepted.partner == vantaa

    def test_is_proposed_to_a_partner_that_the_provider_works_with(
        self, new: Service, vantaa: Organisation
    ) -> None:
        provider = Organisation.objects.get(external_id="kielisilta")
        with pytest.raises(ValidationError):
            responsibility.propose(new, vantaa, provider=provider, by=at(provider))
        with pytest.raises(PermissionDenied):
            responsibility.propose(new, vantaa, provider=provider, by=at(vantaa))

    def propose(self, new: Service) -> None:
        provider = Organisation.objects.get(external_id="kielisilta")
        espoo = Organisation.objects.get(external_id="espoo")
        responsibility.propose(new, espoo, provider=provider, by=at(provider))
