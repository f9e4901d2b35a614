"""Who is refused keeps the band, and is told which role it would take and whom to ask."""

import pytest
from django.db import DatabaseError
from django.test import RequestFactory
from django.utils.translation import override

from orgs import access
from orgs.models import Organisation, User
from orgs.refusals import explain
from orgs.roles import Body, Capability, Role, SeatKind
from services.site import errors
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def project_manager() -> User:
    return factories.member("project", Role.PROJECT_MANAGER)


@pytest.fixture
def city() -> Organisation:
    return factories.OrganisationFactory(kind="partner")


@pytest.fixture
def main_user(city: Organisation) -> User:
    return factories.member("partner", Role.MAIN_USER, city)


def reason(user: User, *capabilities: Capability) -> str:
    with override("en"):
        return explain(user, capabilities).reason


def test_the_roles_that_one_could_be_given_are_named(city: Organisation) -> None:
    expert = factories.member("partner", Role.EXPERT, city)
    assert reason(expert, Capability.ARCHIVE) == "For this you would need the role main user."
    assert reason(expert, Capability.CREATE_SERVICE) == (
        "For this you would need the role content producer or main user."
    )


def test_a_seat_is_within_reach_of_partners_only(city: Organisation) -> None:
    expert = factories.member("partner", Role.EXPERT, city)
    provider = factories.member("provider", Role.PRODUCER)
    assert "working group (member)" in reason(expert, Capability.SEE_CASES)
    assert reason(provider, Capability.SEE_CASES).startswith("This is for others: main user (partner)")


def test_who_could_not_be_given_the_role_is_told_whose_it_is(city: Organisation) -> None:
    expert = factories.member("partner", Role.EXPERT, city)
    assert reason(expert, Capability.SET_TERMS) == (
        "This is for others: project manager (project organisation)."
    )
    assert reason(expert, Capability.TUNE_SEARCH) == (
        "This is for others: ICT specialist (project organisation)."
    )


def test_who_has_the_role_elsewhere_is_told_so(main_user: User) -> None:
    assert "another's" in reason(main_user, Capability.ARCHIVE)


def test_without_a_role_or_a_reason_the_page_says_as_much(city: Organisation) -> None:
    nobody = factories.UserFactory()
    assert reason(nobody, Capability.ARCHIVE) == "You have no role in any organisation at the moment."
    assert reason(factories.member("partner", Role.EXPERT, city)) == "Your roles don't allow this."


def test_one_asks_ones_own_main_users_and_they_ask_the_project(
    city: Organisation, main_user: User, project_manager: User
) -> None:
    expert = factories.member("partner", Role.EXPERT, city)
    factories.member("partner", Role.MAIN_USER)  # another city's
    assert explain(expert, ()).ask == [main_user]
    assert explain(main_user, ()).ask == [project_manager]
    assert explain(project_manager, ()).ask == []
    assert explain(factories.UserFactory(), ()).ask == [project_manager]


def test_a_refused_page_keeps_the_band_and_says_whom_to_ask(
    client: Client, city: Organisation, main_user: User
) -> None:
    client.force_login(factories.member("partner", Role.EXPERT, city))
    answer = client.get("/en/management/log/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Sign out" in page
    assert "account/login" not in page
    assert "This is for others: ICT specialist (project organisation)." in page
    assert main_user.email in page


def test_a_missing_page_keeps_the_band(client: Client, main_user: User) -> None:
    client.force_login(main_user)
    page = client.get("/en/nowhere/").content.decode()
    assert main_user.full_name in page
    assert "Sign out" in page


def test_without_the_database_the_plain_page_is_shown(rf: RequestFactory) -> None:
    class Lost(User):
        class Meta:
            proxy = True
            app_label = "orgs"

        @property
        def is_authenticated(self) -> bool:  # type: ignore[override]
            raise DatabaseError

    request = rf.get("/en/nowhere/")
    request.user = Lost()
    answer = errors.permission_denied(request, access.NotAllowed(Capability.ARCHIVE))
    assert answer.status_code == 403
    assert "account/login" in answer.content.decode()


def test_a_seat_counts_as_a_right(city: Organisation) -> None:
    expert = factories.member("partner", Role.EXPERT, city)
    factories.seat(expert, Body.WORKING_GROUP, SeatKind.MEMBER)
    assert "another's" in reason(expert, Capability.SEE_CASES)
