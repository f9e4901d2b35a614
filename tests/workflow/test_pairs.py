"""Updater pairs: who can be a half, who names it, and handing it over."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from orgs import clock
from orgs.models import Organisation, User
from services.models import Service, Term
from tests import factories
from tests.moment import NOW
from workflow import pairs
from workflow.models import Updater

Half = Updater.Half


@pytest.fixture
def service(vocabulary: dict[tuple[str, str], Term]) -> Service:
    """Organised and produced by Kielisilta; Espoo is responsible."""
    return factories.published().service


def at(external_id: str, role: str) -> User:
    organisation = Organisation.objects.get(external_id=external_id)
    return factories.member(organisation.kind, role, organisation)


def test_each_main_user_names_the_own_half(service: Service) -> None:
    espoo, kielisilta = at("espoo", "main_user"), at("kielisilta", "main_user")
    partner, provider = at("espoo", "producer"), at("kielisilta", "producer")
    pairs.name_updater(service, Half.PARTNER, partner, by=espoo)
    pairs.name_updater(service, Half.PROVIDER, provider, by=kielisilta)
    with pytest.raises(PermissionDenied):
        pairs.name_updater(service, Half.PROVIDER, provider, by=espoo)
    with pytest.raises(PermissionDenied):
        pairs.name_updater(service, Half.PARTNER, partner, by=kielisilta)


@pytest.mark.parametrize(("external_id", "role"), [("espoo", "expert"), ("kielisilta", "producer")])
def test_only_those_who_may_write_for_the_half_can_be_it(
    service: Service, external_id: str, role: str
) -> None:
    with pytest.raises(ValidationError):
        pairs.name_updater(service, Half.PARTNER, at(external_id, role), by=at("espoo", "main_user"))


def test_a_service_that_the_partner_produces_has_its_people_in_both_halves(
    vocabulary: dict[tuple[str, str], Term],
) -> None:
    content = factories.document(organiser="espoo", producers=["espoo"])
    service = factories.published("oma", content).service
    main_user, producer = at("espoo", "main_user"), at("espoo", "producer")
    for half in Half:
        pairs.name_updater(service, half, producer, by=main_user)
        found = pairs.current(service, half)
        assert found
        assert found.user == producer


def test_the_one_before_stays_on_record_until_the_day_before(service: Service) -> None:
    by, first, second = at("espoo", "main_user"), at("espoo", "producer"), at("espoo", "producer")
    pairs.name_updater(service, Half.PARTNER, first, by=by)
    with time_machine.travel(NOW + datetime.timedelta(days=30), tick=False):
        pairs.name_updater(service, Half.PARTNER, second, by=by)
        pairs.name_updater(service, Half.PARTNER, second, by=by)
        rows = list(Updater.objects.order_by("pk"))
        assert [(row.user, row.ends_on) for row in rows] == [
            (first, clock.today() - datetime.timedelta(days=1)),
            (second, None),
        ]


def test_whoever_was_removed_is_no_longer_an_updater_and_a_withdrawn_service_is_no_duty(
    service: Service,
) -> None:
    producer = at("espoo", "producer")
    pairs.name_updater(service, Half.PARTNER, producer, by=at("espoo", "main_user"))
    espoo = Organisation.objects.get(external_id="espoo")
    register = pairs.UpdaterDuties()
    assert len(register.of_person(producer, espoo)) == 1
    assert register.of_person(producer, Organisation.objects.get(external_id="kielisilta")) == []
    service.status = Service.Status.ARCHIVED
    service.save()
    assert register.of_person(producer, espoo) == []


def is_broken(service: Service) -> bool:
    return Service.objects.filter(pairs.is_broken(), pk=service.pk).exists()


def pair_of(service: Service) -> tuple[User, User]:
    """Name both halves; return the provider's and the partner's."""
    provider, partner = at("kielisilta", "producer"), at("espoo", "producer")
    pairs.name_updater(service, Half.PROVIDER, provider, by=at("kielisilta", "main_user"))
    pairs.name_updater(service, Half.PARTNER, partner, by=at("espoo", "main_user"))
    return provider, partner


def test_a_pair_is_broken_until_both_halves_are_named(service: Service) -> None:
    assert is_broken(service)
    pairs.name_updater(service, Half.PARTNER, at("espoo", "producer"), by=at("espoo", "main_user"))
    assert is_broken(service)
    pair_of(service)
    assert not is_broken(service)


@pytest.mark.parametrize("half", [0, 1])
def test_a_pair_is_broken_while_one_of_it_has_no_role_to_update_with(service: Service, half: int) -> None:
    person = pair_of(service)[half]
    role = person.memberships.get()
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        for change in (
            {"ends_on": clock.today() - datetime.timedelta(days=1)},
            {"starts_on": clock.today() + datetime.timedelta(days=1)},
            {"role": "expert"},
            {"organisation": factories.OrganisationFactory(kind="partner")},
        ):
            before = {name: getattr(role, name) for name in change}
            type(role).objects.filter(pk=role.pk).update(**change)
            assert is_broken(service), change
            type(role).objects.filter(pk=role.pk).update(**before)
            assert not is_broken(service)


def test_a_pair_is_broken_by_a_closed_account_and_by_a_closed_organisation(service: Service) -> None:
    provider, _partner = pair_of(service)
    User.objects.filter(pk=provider.pk).update(is_active=False)
    assert is_broken(service)
    User.objects.filter(pk=provider.pk).update(is_active=True)
    assert not is_broken(service)
    Organisation.objects.filter(external_id="espoo").update(closed_on=clock.today())
    assert is_broken(service)


def test_the_database_counts_the_named_halves_whoever_saves_the_service(service: Service) -> None:
    read_before = Service.objects.get(pk=service.pk)
    pair_of(service)
    read_before.save()
    Service.objects.filter(pk=service.pk).update(named_halves=0)
    service.refresh_from_db()
    assert service.named_halves == 2
    other = factories.service("toinen")
    Updater.objects.filter(half=Half.PARTNER).update(service=other)
    assert [Service.objects.get(pk=one.pk).named_halves for one in (service, other)] == [1, 1]
    Updater.objects.filter(service=other).delete()
    other.refresh_from_db()
    assert other.named_halves == 0
    Updater.objects.update(ends_on=clock.today())
    service.refresh_from_db()
    assert service.named_halves == 0
