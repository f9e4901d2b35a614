"""Nobody gives a role to themselves, and the project's roles come from its managers, before all of them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from orgs import inviting, people
from orgs.inviting import Finding
from orgs.models import Invitation, Notice, Organisation, User
from orgs.roles import ROLES_OF_KIND
from tests import factories
from tests.clients import Client

pytestmark = pytest.mark.django_db
PROJECT_ROLES = tuple(str(role) for role in ROLES_OF_KIND["project"])


@pytest.fixture(autouse=True)
def project() -> Organisation:
    factories.agreement()
    made: Organisation = factories.OrganisationFactory(external_id="projekti", kind="project")
    for name in ("Pia Malli", "Pekka Malli"):
        factories.member("project", "project_manager", made, full_name=name)
    factories.member("project", "ict_specialist", made, full_name="Ilmo Malli")
    factories.member("project", "communications_officer", made, full_name="Vilma Malli")
    return made


def named(name: str) -> User:
    return User.objects.get(full_name=f"{name} Malli")


@pytest.mark.parametrize(
    ("kind", "own"),
    [("partner", "main_user"), ("provider", "main_user"), *(("project", role) for role in PROJECT_ROLES)],
)
def test_nobody_gives_a_role_to_themselves(kind: str, own: str, project: Organisation) -> None:
    there = project if kind == "project" else factories.OrganisationFactory(kind=kind, external_id=kind)
    user = factories.member(kind, own, there)
    for role in set(ROLES_OF_KIND[kind]) - {own}:
        with pytest.raises(ValidationError):
            people.set_roles(user, there, [own, role], by=user)
        assert people.roles_of(user, there) == [own]
        (found,) = inviting.check(there, [user.email.upper()], [role], by=user)
        assert found.finding == Finding.OWN


@pytest.mark.parametrize("name", ["Ilmo", "Vilma"])
@pytest.mark.parametrize("role", ["project_manager", "ict_specialist"])
def test_a_role_of_the_project_is_given_and_taken_by_a_project_manager_only(
    project: Organisation, name: str, role: str
) -> None:
    by, other = named(name), factories.member("project", "communications_officer", project)
    with pytest.raises(ValidationError, match="projektipäällikkö"):
        people.set_roles(other, project, [role, "communications_officer"], by=by)
    with pytest.raises(ValidationError, match="projektipäällikkö"):
        inviting.invite(project, "uusi@projekti.example", [role], language="fi", by=by)
    with pytest.raises(ValidationError, match="projektipäällikkö"):
        people.remove(other, project, by=by)
    assert people.roles_of(other, project) == ["communications_officer"]
    assert not Invitation.objects.exists()


def test_all_project_managers_are_told_of_a_new_role_and_any_of_them_takes_it_back(
    project: Organisation, client: Client
) -> None:
    vilma, pia, pekka = named("Vilma"), named("Pia"), named("Pekka")
    people.set_roles(vilma, project, ["communications_officer", "ict_specialist"], by=pia)
    told = Notice.objects.filter(kind="project_role_given")
    assert set(told.values_list("recipient", flat=True)) == {pia.pk, pekka.pk}
    assert set(told.values_list("notice_class", "digest")) == {("security", False)}
    client.force_login(pekka)
    page = reverse("orgs:person", args=["projekti", vilma.pk])
    assert client.post(page, {"roles": ["communications_officer"]}).status_code == 302
    assert people.roles_of(vilma, project) == ["communications_officer"]


def test_the_last_project_manager_stays(project: Organisation) -> None:
    people.remove(named("Pekka"), project, by=named("Pia"))
    with pytest.raises(ValidationError):
        people.set_roles(named("Pia"), project, ["ict_specialist"], by=named("Pia"))


def test_who_may_not_give_a_role_is_told_who_does(client: Client, project: Organisation) -> None:
    client.force_login(named("Vilma"))
    page = client.get(reverse("orgs:invite", args=["projekti"])).text
    assert "vain projektipäällikkö" in page
