"""Who may do what to a service: the table, pairs of organisations, and named exceptions."""

import pytest
from django.core.exceptions import PermissionDenied
from guardian.models import UserObjectPermission

from orgs.models import LogEntry, Municipality, Organisation, User
from orgs.roles import Capability
from services import access
from services.models import Service, Term
from tests import factories

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


def test_a_delegated_service_is_worked_on_by_that_person_only_until_it_is_taken_back(
    service: Service,
) -> None:
    by = at("espoo", "main_user")
    other = factories.member("partner", "producer")
    access.delegate(service, other, by=by)
    assert rights(other, service) == {C.WRITE_PUBLIC, C.WRITE_INTERNAL, C.CONFIRM_VALID}
    assert rights(other, factories.service("toinen")) == set()
    assert list(access.delegated_to(other)) == [service]
    access.end_delegation(service, other, by=by)
    assert rights(User.objects.get(pk=other.pk), service) == set()
    assert set(LogEntry.objects.filter(subject=other).values_list("event", flat=True)) == {
        "granted",
        "grant_ended",
    }


def test_a_delegation_never_opens_internal_information_to_a_provider(service: Service) -> None:
    other = factories.member("provider", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"))
    assert rights(other, service) == {C.WRITE_PUBLIC, C.CONFIRM_VALID}
    assert not Service.objects.visible_to(other).exists()


def test_a_delegation_is_worth_nothing_once_the_person_has_no_role(service: Service) -> None:
    other = factories.member("provider", "producer")
    access.delegate(service, other, by=at("espoo", "main_user"))
    other.memberships.all().delete()
    assert rights(User.objects.get(pk=other.pk), service) == set()
    with pytest.raises(PermissionDenied):
        access.delegate(service, other, by=at("espoo", "main_user"))


@pytest.mark.parametrize(("kind", "role"), [("partner", "main_user"), ("provider", "main_user")])
def test_only_who_names_its_updaters_delegates_a_service(service: Service, kind: str, role: str) -> None:
    with pytest.raises(PermissionDenied):
        access.delegate(service, factories.member("partner", "producer"), by=factories.member(kind, role))
    assert not UserObjectPermission.objects.exists()
