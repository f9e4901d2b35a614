"""Who may do what to a service: the table, pairs of organisations, and named exceptions."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from guardian.shortcuts import assign_perm

from orgs import access as positions
from orgs import accounts, clock, tasks
from orgs.models import LogEntry, Municipality, Organisation, User
from orgs.pages import people
from orgs.roles import Capability
from services import access
from services.models import Service, ServiceUserObjectPermission, Term
from tests import factories
from tests.clients import Client

C = Capability
PUBLIC_WRITING = {C.WRITE_PUBLIC}
PUBLISHING = {C.WRITE_PUBLIC, C.WRITE_INTERNAL, C.PUBLISH, C.CONFIRM_VALID, C.OUTDATE}


@pytest.fixture
def service(vocabulary: dict[tuple[str, str], Term]) -> Service:
    """Organised and produced by Kielisilta; Espoo is responsible."""
    return factories.service()


def rights(user: User, service: Service) -> set[Capability]:
    over = (
        C.WRITE_PUBLIC, C.WRITE_INTERNAL, C.PUBLISH, C.CONFIRM_VALID, C.OUTDATE, C.ARCHIVE, C.NAME_UPDATERS,
    )  # fmt: skip
    return {capability for capability in over if access.may(user, capability, service)}


def at(external_id: str, role: str) -> User:
    organisation = Organisation.objects.get(external_id=external_id)
    return factories.member(organisation.kind, role, organisation)


def test_each_does_what_the_table_says_to_the_own_services(service: Service) -> None:
    assert rights(at("kielisilta", "producer"), service) == PUBLIC_WRITING
    assert rights(at("kielisilta", "main_user"), service) == {C.WRITE_PUBLIC, C.OUTDATE, C.NAME_UPDATERS}
    assert rights(at("espoo", "producer"), service) == PUBLISHING
    assert rights(at("espoo", "main_user"), service) == PUBLISHING | {C.ARCHIVE, C.NAME_UPDATERS}
    assert rights(at("espoo", "expert"), service) == set()
    ict = rights(factories.member("project", "ict_specialist"), service)
    assert ict == PUBLISHING - {C.CONFIRM_VALID} | {C.ARCHIVE, C.NAME_UPDATERS}
    assert rights(factories.member("project", "project_manager"), service) == {C.NAME_UPDATERS}


@pytest.mark.parametrize(("kind", "role"), [("partner", "main_user"), ("provider", "main_user")])
def test_no_one_touches_the_services_of_others(service: Service, kind: str, role: str) -> None:
    assert rights(factories.member(kind, role), service) == set()


def test_the_part_of_a_municipality_is_written_by_its_partner_on_any_service(service: Service) -> None:
    espoo, helsinki = Municipality.objects.get(pk="049"), Municipality.objects.get(pk="091")
    producer = at("espoo", "producer")
    assert access.may_write_municipal(producer, espoo)
    assert not access.may_write_municipal(producer, helsinki)
    assert not access.may_write_municipal(at("kielisilta", "producer"), espoo)


UNTIL = datetime.date(2026, 12, 31)


def test_a_delegated_service_is_worked_on_by_that_person_only_until_it_is_taken_back(
    service: Service,
) -> None:
    by = at("espoo", "main_user")
    other = factories.member("partner", "producer")
    access.delegate(service, other, by=by, until=UNTIL)
    assert rights(other, service) == {C.WRITE_PUBLIC, C.CONFIRM_VALID}
    access.delegate(service, other, by=by, until=UNTIL, internal=True)
    assert rights(other, service) == {C.WRITE_PUBLIC, C.WRITE_INTERNAL, C.CONFIRM_VALID}
    assert rights(other, factories.service("toinen")) == set()
    assert list(access.delegated_to(other)) == [service]
    access.end_delegation(service, other, by=by)
    assert rights(User.objects.get(pk=other.pk), service) == set()
    assert set(LogEntry.objects.filter(subject=other).values_list("event", flat=True)) == {
        "granted",
        "grant_ended",
    }


def test_whoever_writes_by_a_delegation_shows_a_second_factor(service: Service, client: Client) -> None:
    """An expert only reads, and signs in with a password, until someone lets them write."""
    expert = factories.member("partner", "expert", Organisation.objects.get(external_id="espoo"))
    client.post("/fi/account/login/", {"login": expert.email, "password": factories.PASSWORD})
    own = reverse("orgs:own")
    assert client.get(own).status_code == 200
    access.delegate(service, expert, by=at("espoo", "main_user"), until=UNTIL)
    for path in (own, reverse("desk:edit", args=[service.external_id, "basics"])):
        assert client.get(path).headers["Location"] == reverse("orgs:second_factor")
        assert client.post(path, {}).headers["Location"] == reverse("orgs:second_factor")
    rows = people.lines_of(expert.memberships.get().organisation)
    (listed,) = [one for one in rows if one.user == expert]
    assert (listed.factor, listed.factor_needed) == (False, True)
    with clock.as_of(UNTIL + datetime.timedelta(days=1)):
        assert not positions.needs_second_factor(expert)


def test_an_employer_s_sign_in_from_before_the_delegation_is_asked_for_anew(service: Service) -> None:
    expert = at("espoo", "expert")
    access.delegate(service, expert, by=at("espoo", "main_user"), until=UNTIL)
    expert.refresh_from_db()
    assert expert.confirm_since == clock.now()


def test_whoever_gets_a_delegation_is_told_by_mail_and_comes_to_the_service(
    service: Service, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    expert = at("espoo", "expert")
    access.delegate(service, expert, by=at("espoo", "main_user"), until=UNTIL, internal=True)
    tasks.deliver_due()
    (mail,) = [one for one in mailoutbox if one.to == [expert.email]]
    assert "31.12.2026" in str(mail.body)
    assert reverse("desk:service", args=[service.external_id]) in str(mail.body)
    factories.second_factor(expert)
    client.force_login(expert)
    assert client.get(reverse("desk:service", args=[service.external_id])).status_code == 200


def test_a_delegation_ends_by_itself_after_its_last_day(service: Service) -> None:
    other = factories.member("partner", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"), until=UNTIL, internal=True)
    with time_machine.travel("2026-12-31T12:00Z", tick=False):
        assert rights(User.objects.get(pk=other.pk), service)
        assert [row.user for row in access.delegations_of(service)] == [other]
    with time_machine.travel("2027-01-01T12:00Z", tick=False):
        assert rights(User.objects.get(pk=other.pk), service) == set()
        assert not access.delegated_to(other).exists()
        assert not access.delegations_of(service).exists()


def test_a_delegation_without_an_end_counts_never_and_one_that_is_over_is_refused(service: Service) -> None:
    other, by = factories.member("partner", "producer"), at("espoo", "main_user")
    assign_perm("services.work_on_delegated", other, service)
    assert rights(other, service) == set()
    with pytest.raises(ValidationError):
        access.delegate(service, other, by=by, until=datetime.date(2026, 11, 22))


@pytest.mark.parametrize("organisation", ["kielisilta", "vantaa"])
def test_only_the_responsible_partners_main_user_delegates_the_writing_of_instructions(
    service: Service, organisation: str
) -> None:
    factories.OrganisationFactory(external_id="vantaa", kind="partner")
    other = at("espoo", "expert")
    for by in (
        at(organisation, "main_user"),
        factories.member("project", "project_manager"),
        factories.member("project", "ict_specialist"),
    ):
        with pytest.raises(PermissionDenied):
            access.delegate(service, other, by=by, until=UNTIL, internal=True)
    assert rights(other, service) == set()


def test_a_delegation_never_opens_internal_information_to_a_provider(service: Service) -> None:
    other = factories.member("provider", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"), until=UNTIL, internal=True)
    assert rights(other, service) == {C.WRITE_PUBLIC, C.CONFIRM_VALID}
    assert not access.services_for(other, C.READ_INTERNAL).exists()


def test_a_delegation_is_worth_nothing_once_the_person_has_no_role(service: Service) -> None:
    other = factories.member("provider", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"), until=UNTIL)
    other.memberships.all().delete()
    assert rights(User.objects.get(pk=other.pk), service) == set()
    with pytest.raises(PermissionDenied):
        access.delegate(service, other, by=at("espoo", "main_user"), until=UNTIL)


def test_nothing_of_a_delegation_stays_with_an_anonymised_person(service: Service) -> None:
    other = factories.member("partner", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"), until=UNTIL)
    accounts.anonymise(other)
    assert not ServiceUserObjectPermission.objects.exists()


@pytest.mark.parametrize(("kind", "role"), [("partner", "main_user"), ("provider", "main_user")])
def test_only_who_names_its_updaters_delegates_a_service(service: Service, kind: str, role: str) -> None:
    with pytest.raises(PermissionDenied):
        access.delegate(
            service, factories.member("partner", "producer"), by=factories.member(kind, role), until=UNTIL
        )
    assert not ServiceUserObjectPermission.objects.exists()
