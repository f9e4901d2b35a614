"""Access tokens: made with a second factor, shown once, kept as hashes, never more than their person may."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs import access, accounts, clock, organisations, tokens
from orgs.models import AccessToken, AccountStep, LogEntry, Membership, Notice, Organisation, User
from orgs.roles import CAPABILITIES, ICT, Capability, Relation
from services.access import delegate, services_for
from services.models import Service
from tests import factories
from tests.clients import Client
from tests.moment import NOW
from tests.services.site_pages import elements, html, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
LIST = "/fi/jsonapi/node/service"


@pytest.fixture
def espoo() -> Organisation:
    return Organisation.objects.get(external_id="espoo")


@pytest.fixture
def main_user(espoo: Organisation) -> User:
    return factories.member("partner", "main_user", espoo, full_name="Maija Pääkäyttäjä")


def made(user: User, organisation: Organisation | None = None, **more: Any) -> tuple[AccessToken, str]:
    wanted: dict[str, Any] = {"name": "Sivusto", "scopes": ["read"], "days": 90}
    return tokens.make(user, organisation=organisation, **(wanted | more))


def status(client: Client, secret: str) -> int:
    return client.get(LIST, headers={"authorization": f"Bearer {secret}"}).status_code


# Making one, as its user


def test_a_token_is_made_after_the_second_factor_and_shown_once(client: Client, main_user: User) -> None:
    client.force_login(main_user)
    own = html(client, reverse("orgs:own"))
    assert reverse("orgs:tokens") in own
    new = reverse("orgs:new_token")
    assert new in html(client, reverse("orgs:tokens"))
    asked = client.get(new)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate")), "it asks who it is"
    shown = client.post(asked.headers["Location"], {"code": factories.code(), "next": new})
    assert shown.headers["Location"] == new
    page = client.get(new)
    assert page.status_code == 200
    answer = client.post(new, {"name": "Helsingin sivusto", "scopes": ["read"], "days": "30"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (secret,) = set(re.findall(r"pm_[\w-]{43}", answer.content.decode()))
    assert status(client, secret) == 200
    token = AccessToken.objects.get()
    assert (token.user, token.organisation, token.scopes) == (main_user, None, ["read"])
    assert token.expires_on == clock.today() + datetime.timedelta(days=30)
    assert secret not in str(list(AccessToken.objects.values_list()))
    listed = html(client, reverse("orgs:tokens"))
    assert secret not in listed
    assert f"…{secret[-4:]}" in listed
    assert "Helsingin sivusto" in listed
    client.post(reverse("orgs:revoke_token", args=[token.pk]))
    assert status(client, secret) == 401
    assert "mitätöity" in words(html(client, reverse("orgs:tokens")))


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client, main_user: User) -> None:
    _shown_just_now(client, main_user)
    answer = client.post(reverse("orgs:new_token"), {"name": "", "scopes": ["write"], "days": "31"})
    assert answer.status_code == 422
    chosen = [one for one in elements(answer.content.decode(), "input") if "checked" in one.attributes]
    assert [one.attributes["value"] for one in chosen] == ["write"]
    assert not AccessToken.objects.exists()


def _shown_just_now(client: Client, user: User) -> None:
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] += 600
    session.save()


def test_who_has_no_second_factor_sets_one_up_first(client: Client) -> None:
    client.force_login(factories.member("partner", "expert"))
    assert client.get(reverse("orgs:new_token")).headers["Location"] == reverse("orgs:second_factor")


# Those of an organisation


def test_an_organisations_token_is_seen_revoked_and_taken_over_by_its_main_users(
    client: Client, main_user: User, espoo: Organisation
) -> None:
    token, secret = made(main_user, espoo)
    other = factories.member("partner", "main_user", espoo, full_name="Toinen Pääkäyttäjä")
    _shown_just_now(client, other)
    page = words(html(client, reverse("orgs:tokens_of", args=["espoo"])))
    assert "Maija Pääkäyttäjä" in page
    assert "Ota vastuullesi" in page
    assert status(Client(), secret) == 200
    Membership.objects.filter(user=main_user).update(role="producer")
    assert status(Client(), secret) == 401, "its person no longer manages the organisation's people"
    assert "ei toimi" in words(html(client, reverse("orgs:tokens_of", args=["espoo"])))
    client.post(reverse("orgs:take_over_token", args=["espoo", token.pk]))
    token.refresh_from_db()
    assert token.user == other
    assert status(Client(), secret) == 200
    client.post(reverse("orgs:revoke_token_of", args=["espoo", token.pk]))
    assert status(Client(), secret) == 401


def test_a_person_sees_no_ones_tokens_but_their_own(client: Client, main_user: User) -> None:
    mine, _secret = made(main_user)
    client.force_login(factories.member("partner", "main_user", full_name="Joku Muu"))
    assert "Sivusto" not in words(html(client, reverse("orgs:tokens")))
    assert client.post(reverse("orgs:revoke_token", args=[mine.pk])).status_code == 404


def test_only_its_main_users_and_ict_keep_an_organisations_tokens(espoo: Organisation) -> None:
    for person in (
        factories.member("partner", "producer", espoo),
        factories.member("partner", "main_user"),
        factories.member("project", "project_manager"),
        factories.member("project", "communications_officer"),
    ):
        with pytest.raises(PermissionDenied):
            made(person, espoo)
    assert not AccessToken.objects.exists()


def test_an_organisations_token_does_what_its_person_may_do_there_alone(
    main_user: User, espoo: Organisation
) -> None:
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    factories.MembershipFactory(user=main_user, organisation=kielisilta, role="main_user")
    factories.publish(factories.service("muualla"))
    service = Service.objects.get(external_id="muualla")
    delegate(service, main_user, by=factories.member("project", "ict_specialist"), until=clock.today())
    _token, secret = made(main_user, kielisilta)
    found = tokens.holder_of(secret)
    assert found is not None
    user, _found = found
    assert {one.organisation for one in access.positions(user)} == {kielisilta.pk}
    assert not access.reads_internal(user)
    _own, secret = made(main_user)
    found = tokens.holder_of(secret)
    assert found is not None
    assert access.reads_internal(found[0])
    assert service in services_for(found[0], Capability.WRITE_PUBLIC)


def test_ict_does_with_an_organisations_token_what_its_main_user_may(espoo: Organisation) -> None:
    ict = factories.member("project", "ict_specialist")
    kielisilta = Organisation.objects.get(external_id="kielisilta")
    service = factories.published().service
    for organisation, internal in ((espoo, True), (kielisilta, False)):
        _token, secret = made(ict, organisation)
        found = tokens.holder_of(secret)
        assert found is not None
        user, _found = found
        assert user == ict, "history names who it is"
        assert [one.organisation for one in access.positions(user)] == [organisation.pk]
        assert access.reads_internal(user) is internal
        assert service in services_for(user, Capability.WRITE_PUBLIC)
        elsewhere = factories.OrganisationFactory(kind="partner")
        assert not access.may(user, Capability.CREATE_SERVICE, access.own(elsewhere))


def test_ict_may_all_that_main_users_do_through_the_interface() -> None:
    """So a token in ICT's hands never does more than ICT may."""
    written = (Capability.READ_INTERNAL, Capability.CREATE_SERVICE, Capability.WRITE_PUBLIC)
    for capability in (*written, Capability.WRITE_INTERNAL, Capability.WRITE_MUNICIPAL, Capability.PUBLISH):
        assert CAPABILITIES[capability][ICT] is Relation.ANY


# What ends one


def test_a_token_ends_with_its_last_day(main_user: User) -> None:
    _token, secret = made(main_user, days=30)
    for days, opens in ((29, True), (30, True), (31, False)):
        with time_machine.travel(NOW + datetime.timedelta(days=days), tick=False):
            assert (tokens.holder_of(secret) is not None) is opens


def test_a_token_ends_with_its_account_and_its_organisation(main_user: User, espoo: Organisation) -> None:
    _token, secret = made(main_user)
    kept, of_espoo = made(main_user, espoo)
    accounts.block(main_user, AccountStep.Reason.LEFT)
    assert tokens.holder_of(secret) is None
    assert tokens.holder_of(of_espoo) is None
    accounts.anonymise(main_user)
    assert list(AccessToken.objects.all()) == [kept]
    provider = factories.OrganisationFactory(kind="provider")
    made(factories.member("provider", "main_user", provider), provider)
    organisations.close(provider, by=factories.member("project", "project_manager"))
    assert AccessToken.objects.get(organisation=provider).revoked_at is not None


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer pm_x y", "Basic eDp5", "Token pm_x", "Bearer \xe4"]
)
def test_an_unknown_token_is_told_so(client: Client, header: str) -> None:
    answer = client.get(LIST, headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert answer.json()["errors"][0]["status"] == "401"


def test_answers_with_a_token_are_kept_by_nobody(client: Client, main_user: User) -> None:
    _token, secret = made(main_user)
    answer = client.get(LIST, headers={"authorization": f"Bearer {secret}"})
    assert answer.headers["Cache-Control"] == "private, no-store"
    for headers in ({}, {"authorization": f"Bearer {secret}"}):
        assert "Authorization" in client.get(LIST, headers=headers).headers["Vary"]


def test_the_last_use_is_written_once_an_hour(main_user: User) -> None:
    token, secret = made(main_user)
    uses = []
    for minutes in (0, 30, 59, 60, 90):
        with time_machine.travel(NOW + datetime.timedelta(minutes=minutes), tick=False):
            tokens.holder_of(secret)
        token.refresh_from_db()
        assert token.last_used_at is not None
        uses.append((token.last_used_at - NOW).total_seconds() / 60)
    assert uses == [0, 0, 0, 60, 60]


def test_no_more_tokens_than_one_can_look_after(main_user: User, espoo: Organisation) -> None:
    for _one in range(tokens.MOST):
        made(main_user)
    with pytest.raises(ValidationError, match=str(tokens.MOST)):
        made(main_user)
    tokens.revoke(AccessToken.objects.filter(user=main_user)[0], by=main_user)
    made(main_user)
    made(main_user, espoo)
    for wrong in ({"days": 3650}, {"scopes": ["all"]}):
        with pytest.raises(ValidationError):
            made(main_user, espoo, **wrong)


# Who hears of it


def test_the_log_and_a_mail_tell_of_each_step(main_user: User, espoo: Organisation) -> None:
    other = factories.member("partner", "main_user", espoo)
    token, _secret = made(main_user, espoo)
    tokens.take_over(token, by=other)
    tokens.revoke(token, by=other)
    tokens.revoke(token, by=other)
    events = LogEntry.objects.filter(event__startswith="token_").order_by("pk")
    assert list(events.values_list("event", "actor")) == [
        ("token_made", main_user.pk),
        ("token_taken_over", other.pk),
        ("token_revoked", other.pk),
    ]
    told = Notice.objects.filter(kind="access_token").order_by("pk")
    assert [(one.context["what"], one.recipient) for one in told] == [
        (what, person) for what in ("made", "taken_over", "revoked") for person in (main_user, other)
    ]
