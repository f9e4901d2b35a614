"""A new installation: people come before the agreement does, and nothing fails for want of it."""

from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from orgs import delivery, people
from orgs.models import Agreement, Notice, Organisation, User
from orgs.refused import Refused
from orgs.roles import ROLES_OF_KIND
from tests import factories
from tests.clients import Client
from tests.security.test_matrix import names
from tests.workflow.conftest import pipeline_of
from workflow.actions import runs
from workflow.sweep import Swept, sweep

pytestmark = pytest.mark.usefixtures("vocabulary")
EVERY_ROLE = [(kind, role) for kind, roles in ROLES_OF_KIND.items() for role in roles]


def fixed_paths() -> Iterator[str]:
    for name in sorted(names(get_resolver().url_patterns)):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


@pytest.mark.parametrize(("kind", "role"), EVERY_ROLE)
def test_no_page_fails_without_an_agreement(client: Client, kind: str, role: str) -> None:
    factories.published()
    assert not Agreement.objects.exists()
    own = {"partner": "espoo", "provider": "kielisilta"}.get(kind)
    at = Organisation.objects.get(external_id=own) if own else None
    client.force_login(factories.member(kind, role, at))
    paths = [
        *fixed_paths(),
        reverse("desk:service", args=["kielikahvila"]),
        reverse("orgs:people", args=["espoo"]),
    ]
    failed = {path: status for path in paths if (status := client.get(path).status_code) >= 500}
    assert failed == {}


def test_a_person_is_removed_and_told_without_a_day_that_nobody_has_agreed_on(
    mailoutbox: list[object],
) -> None:
    espoo = Organisation.objects.get(external_id="espoo")
    main_user = factories.member("partner", "main_user", espoo)
    leaving: User = factories.member("partner", "expert", espoo)
    people.remove(leaving, espoo, by=main_user, successors={})
    leaving.refresh_from_db()
    assert not leaving.is_active
    delivery.deliver(Notice.objects.get(kind="account_blocked").pk)
    (mail,) = mailoutbox
    text = mail.body  # type: ignore[attr-defined]
    assert "uusi kutsu" in text
    assert "poistetaan" not in text


def test_nothing_is_submitted_without_terms_and_nothing_falls_due() -> None:
    pipeline = pipeline_of(factories.published().service)
    run = pipeline.write()
    with pytest.raises(Refused, match="sopimus"):
        runs.submit(run, by=pipeline.provider)
    assert pipeline.run.state == "drafting"
    assert sweep() == Swept()
