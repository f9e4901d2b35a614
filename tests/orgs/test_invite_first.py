"""The first person of a new installation."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from orgs import invitation_links
from orgs.models import Invitation, Notice, Organisation, User
from tests.clients import Client

pytestmark = pytest.mark.django_db
FIRST = "ensimmainen@manuaali.example"


def test_the_first_project_manager_joins_an_empty_installation(client: Client) -> None:
    call_command("invite_first", FIRST)
    project = Organisation.objects.get()
    assert project.kind == "project"
    invitation = Invitation.objects.get()
    assert invitation.roles == ["project_manager"]
    assert Notice.objects.get().address == FIRST
    page = reverse("orgs:invitation", args=[invitation_links.token(invitation)])
    client.post(page, {"full_name": "Eka Ihminen", "language": "fi", "password": "polku-kulkee-metsaan"})
    assert User.objects.get().memberships.get().role == "project_manager"
    assert client.get(reverse("orgs:own")).headers["Location"] == reverse("orgs:second_factor")
    with pytest.raises(CommandError, match="Projektipäällikkö on jo"):
        call_command("invite_first", "toinen@manuaali.example")


def test_asked_again_it_sends_a_new_link_and_the_old_one_stops(client: Client) -> None:
    call_command("invite_first", FIRST)
    old = reverse("orgs:invitation", args=[invitation_links.token(Invitation.objects.get())])
    call_command("invite_first", FIRST)
    assert Invitation.objects.count() == 1
    assert client.get(old).status_code == 404


def test_a_mistyped_address_is_refused() -> None:
    with pytest.raises(CommandError, match="sähköposti"):
        call_command("invite_first", "ensimmainen@")
    assert not Organisation.objects.exists()
