"""Cases that lose their ground by a mended season: named before it is set, ended by themselves after."""

from typing import Any

from django.urls import reverse

from sanctions.actions import deciding
from sanctions.models import Case
from tests.clients import Client
from tests.sanctions.conftest import D, Office, on, sweep
from workflow.models import HolidaySeason

MENDED = {"first_day": "2026-01-12", "last_day": "2026-01-16", "reason": "Talviloma jäi kirjaamatta."}


def look(client: Client, office: Office) -> Any:
    client.force_login(office.manager)
    return client.post(reverse("desk:seasons"), MENDED)


def test_an_open_case_is_named_and_ends_by_itself(late: Office, client: Client) -> None:
    with on("2026-01-23"):
        looked = look(client, late)
        (link,) = looked.context["losing"]
        assert link.url == reverse("office:case", args=[late.case.pk])
        assert "raukeaa" in link.words
        client.post(reverse("desk:seasons"), MENDED | {"seen": looked.context["seen"]})
        sweep()
    assert HolidaySeason.objects.get().last_day == D("2026-01-16")
    assert late.case.state == Case.State.GROUNDLESS


def test_of_what_was_given_it_is_said_that_a_correction_is_proposed(late: Office, client: Client) -> None:
    with on("2026-01-22"):
        deciding.give(late.case, "first", by=late.manager)
    with on("2026-01-23"):
        (link,) = look(client, late).context["losing"]
    assert "oikaisua" in link.words
