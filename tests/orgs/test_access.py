"""Who may read internal information (docs/rules.md section 11)."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from orgs import clock
from orgs.access import reads_internal
from orgs.models import User
from orgs.roles import ROLES_OF_KIND, Capability
from services.access import services_for
from services.fields import Audience
from services.visibility import audiences_of
from tests import factories

pytestmark = pytest.mark.django_db
ALL = [(kind, role) for kind, roles in ROLES_OF_KIND.items() for role in roles]


@pytest.mark.parametrize(("kind", "role"), ALL)
def test_partners_and_the_project_read_internal_information_and_providers_never(kind: str, role: str) -> None:
    assert reads_internal(factories.member(kind, role)) == (kind != "provider")


def test_visitors_and_people_without_a_role_read_public_information_only() -> None:
    assert audiences_of(AnonymousUser()) == {Audience.PUBLIC}
    assert audiences_of(factories.UserFactory()) == {Audience.PUBLIC}
    assert not services_for(AnonymousUser(), Capability.READ_INTERNAL).exists()


@pytest.mark.parametrize(
    ("starts", "ends", "reads"),
    [(0, None, True), (0, 0, True), (-10, 0, True), (-10, -1, False), (1, None, False)],
)
def test_a_role_holds_from_its_first_day_to_its_last(starts: int, ends: int | None, reads: bool) -> None:
    user = factories.member("partner", "expert")
    membership = user.memberships.get()
    membership.starts_on = clock.today() + datetime.timedelta(days=starts)
    membership.ends_on = None if ends is None else clock.today() + datetime.timedelta(days=ends)
    membership.save()
    assert reads_internal(user) == reads


def test_a_blocked_person_reads_nothing_internal() -> None:
    user = factories.member("partner", "expert")
    user.is_active = False
    assert not reads_internal(user)


def test_the_database_refuses_the_same_open_role_twice_and_a_second_account_for_an_address() -> None:
    user = factories.member("partner", "expert")
    membership = user.memberships.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.MembershipFactory(user=user, organisation=membership.organisation, role="expert")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=user.email.upper(), full_name="Toinen")])


def test_passwords_are_kept_with_argon2() -> None:
    assert factories.UserFactory().password.startswith("argon2")
