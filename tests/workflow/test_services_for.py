"""Lists of services by permission say what `may` says of each."""

import datetime
import random
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from guardian.shortcuts import assign_perm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs import access as positions
from orgs import clock
from orgs.models import Membership, Organisation, Seat, User
from orgs.roles import CAPABILITIES, ROLES_OF_KIND, Body, Capability, SeatKind
from services import access
from services.models import Service
from tests import factories
from tests.thoroughness import rounds
from workflow import pairs
from workflow.models import Run, Updater

pytestmark = pytest.mark.usefixtures("vocabulary")
COUNT = 6


def organisations() -> list[Organisation]:
    kinds = ("partner", "partner", "provider", "provider", "project")
    return [factories.OrganisationFactory(kind=kind) for kind in kinds]


def people(chance: random.Random, where: list[Organisation]) -> list[User]:
    made: list[User] = []
    for _number in range(COUNT):
        user: User = factories.UserFactory()
        for organisation in chance.sample(where, chance.randint(0, 2)):
            role = chance.choice(ROLES_OF_KIND[organisation.kind])
            ends = chance.choice([None, clock.today(), clock.today() - datetime.timedelta(days=1)])
            starts = clock.today() - datetime.timedelta(days=9)
            Membership.objects.create(
                user=user, organisation=organisation, role=role, starts_on=starts, ends_on=ends
            )
            if organisation.kind == "partner" and chance.random() < 0.3:
                Seat.objects.create(
                    user=user, organisation=organisation, body=chance.choice(Body.values),
                    kind=chance.choice(SeatKind.values), starts_on=starts,
                )  # fmt: skip
        made.append(user)
    return made


def services(chance: random.Random, where: list[Organisation], who: list[User]) -> list[Service]:
    partners = [one for one in where if one.kind == "partner"]
    made = []
    for number in range(COUNT):
        service = Service.objects.create(
            external_id=f"palvelu-{number}",
            slug=f"palvelu-{number}",
            organiser=chance.choice([None, *where]),
            responsible_partner=chance.choice([None, *partners]),
        )
        service.producers.set(chance.sample(where, chance.randint(0, 2)))
        delegate(chance, service, chance.choice(who))
        Updater.objects.create(
            service=service, half=chance.choice(Updater.Half.values), user=chance.choice(who),
            organisation=chance.choice(where), starts_on=clock.today() - datetime.timedelta(days=1),
            ends_on=chance.choice([None, clock.today() - datetime.timedelta(days=1)]),
        )  # fmt: skip
        Run.objects.create(
            service=service, kind=Run.Kind.NEW, languages=["fi"], opened_at=clock.now(),
            opened_by=chance.choice(who),
        )  # fmt: skip
        made.append(service)
    return made


def delegate(chance: random.Random, service: Service, to: User) -> None:
    for permission in chance.sample([access.DELEGATED, access.DELEGATED_INTERNAL], chance.randint(0, 2)):
        made: Any = assign_perm(f"services.{permission}", to, service)
        made.ends_on = clock.today() + datetime.timedelta(days=chance.choice([-1, 0, 5]))
        made.save()


@given(st.integers(0, 10**9))
@settings(max_examples=rounds(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_holds_what_may_be_done_to_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        where = organisations()
        who = people(chance, where)
        there = services(chance, where, who)
        for user in who:
            positions.hold(user)
            for capability in CAPABILITIES:
                listed = set(access.services_for(user, capability))
                wanted = {one for one in there if access.may(user, capability, one)}
                assert listed == wanted, (seed, capability)
        for one, half in product(where, Updater.Half):
            runs = Run.objects.filter(pairs.has_half(half, [one.pk]))
            halved = [service.pk for service in there if one in pairs.organisations_of_half(service, half)]
            assert sorted(run.service_id for run in runs) == halved, (seed, half)
        transaction.set_rollback(True)


def test_a_list_takes_one_query_however_many_services_there_are(django_assert_num_queries: object) -> None:
    user = factories.member("partner", "producer")
    positions.hold(user)
    for number in range(3):
        factories.service(f"palvelu-{number}")
    with django_assert_num_queries(1):  # type: ignore[operator]
        list(access.services_for(user, Capability.WRITE_PUBLIC))
