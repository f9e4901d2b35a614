"""Invitations: the only way to an account."""

import datetime
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import access, accounts, delivery, invitation_links, inviting, people
from orgs.inviting import Finding, InvitationRefused, Problem, addresses_in
from orgs.models import AccountStep, Invitation, LogEntry, Notice, Organisation, User
from orgs.roles import Body, SeatKind
from tests import factories
from tests.clients import Client
from tests.moment import NOW

pytestmark = pytest.mark.django_db
NEW = "uusi@manuaali.example"
FORM = {"full_name": "Uusi Ihminen", "language": "fi", "password": "polku-kulkee-metsaan"}


@pytest.fixture
def espoo() -> Organisation:
    factories.agreement()
    made: Organisation = factories.OrganisationFactory(
        external_id="espoo", kind="partner", name={"fi": "Espoon kaupunki"}
    )
    return made


@pytest.fixture
def main_user(espoo: Organisation) -> User:
    return factories.member("partner", "main_user", espoo, full_name="Kaarina Rinne")


@pytest.fixture
def invitation(espoo: Organisation, main_user: User) -> Invitation:
    made = inviting.invite(espoo, NEW, ["expert", "producer"], language="fi", by=main_user)
    assert made is not None
    return made


def page(invitation: Invitation) -> str:
    return reverse("orgs:invitation", args=[invitation_links.token(invitation)])


def problem(client: Client, path: str, status: int) -> str:
    """Open and try to accept; whatever is wrong, nothing may come into being."""
    before = User.objects.count()
    shown, tried = client.get(path), client.post(path, FORM)
    assert (shown.status_code, tried.status_code) == (status, status)
    assert User.objects.count() == before
    heading = re.search(r"<h1>(.*?)</h1>", shown.content.decode())
    assert heading
    return heading.group(1)


def test_nothing_but_the_invitation_exists_before_it_is_accepted(invitation: Invitation) -> None:
    assert not User.objects.filter(email=NEW).exists()
    assert Notice.objects.get(kind="invitation").address == NEW


def test_the_mail_holds_the_link_and_nothing_of_it_is_kept(
    invitation: Invitation, mailoutbox: list[object]
) -> None:
    for number in delivery.due():
        delivery.deliver(number)
    text = str(mailoutbox[-1].body)  # type: ignore[attr-defined]
    assert page(invitation) in text
    assert "7.12.2026" in text
    notice = Notice.objects.get(kind="invitation")
    assert (notice.state, notice.body, notice.context) == ("sent", "", {})
    token = invitation_links.token(invitation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(n)::text FROM orgs_notice n")
        assert token not in str(cursor.fetchall())


def test_a_new_person_accepts_and_has_the_roles_and_is_asked_for_a_second_factor(
    client: Client, invitation: Invitation
) -> None:
    assert "Espoon kaupunki" in client.get(page(invitation)).content.decode()
    accepted = client.post(page(invitation), FORM, follow=True)
    user = User.objects.get(email=NEW)
    assert (user.full_name, user.check_password(FORM["password"])) == ("Uusi Ihminen", True)
    assert set(user.memberships.values_list("role", flat=True)) == {"expert", "producer"}
    assert accepted.request["PATH_INFO"] == reverse("orgs:second_factor")
    assert Notice.objects.filter(kind="invitation_accepted", recipient=invitation.invited_by).exists()


@pytest.mark.parametrize("password", ["lyhyt", "password1234", "uusi@manuaali", "qwerty123456"])
def test_a_weak_password_is_refused_and_the_rest_is_kept(
    client: Client, invitation: Invitation, password: str
) -> None:
    answer = client.post(page(invitation), FORM | {"password": password})
    assert answer.status_code == 422
    assert "Uusi Ihminen" in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_an_invitation_runs_out_after_fourteen_days(client: Client, invitation: Invitation) -> None:
    with time_machine.travel(NOW + datetime.timedelta(days=14, seconds=-1), tick=False):
        assert client.get(page(invitation)).status_code == 200
    with time_machine.travel(NOW + datetime.timedelta(days=14), tick=False):
        assert problem(client, page(invitation), 410) == "Kutsu on vanhentunut"


def test_a_cancelled_invitation_says_so(client: Client, invitation: Invitation, main_user: User) -> None:
    inviting.cancel(invitation, by=main_user)
    assert problem(client, page(invitation), 410) == "Kutsu on peruttu"


def test_an_invitation_works_once(client: Client, invitation: Invitation) -> None:
    client.post(page(invitation), FORM)
    assert problem(Client(), page(invitation), 410) == "Kutsu on jo hyväksytty"


def test_a_renewed_invitation_has_a_new_link_and_a_new_time_and_the_old_link_is_dead(
    client: Client, invitation: Invitation, main_user: User
) -> None:
    old = page(invitation)
    with time_machine.travel(NOW + datetime.timedelta(days=20), tick=False):
        inviting.renew(invitation, by=main_user)
        invitation.refresh_from_db()
        assert problem(client, old, 404) == "Linkki ei toimi"
        assert client.get(page(invitation)).status_code == 200
        assert Notice.objects.filter(kind="invitation").count() == 2


def test_a_forged_link_opens_nothing(client: Client, invitation: Invitation) -> None:
    token = invitation_links.token(invitation)
    forged = (
        signing.Signer(key="arvattu", salt="orgs.invitation").sign(f"{invitation.pk}-1").replace(":", "-", 1)
    )
    for wrong in (forged, token[:-1], token + "x", token.replace(str(invitation.pk), "999", 1), "1-1-x", "x"):
        assert problem(client, reverse("orgs:invitation", args=[wrong]), 404) == "Linkki ei toimi"


@given(st.text(max_size=60))
def test_no_text_opens_an_invitation_but_what_we_signed(text: str) -> None:
    assert invitation_links.opened(text) is None


def test_the_invitation_of_a_closed_organisation_says_so(client: Client, invitation: Invitation) -> None:
    invitation.organisation.closed_on = NOW.date()
    invitation.organisation.save()
    assert problem(client, page(invitation), 410) == "Organisaatio on suljettu"


def test_someone_else_who_is_signed_in_is_told_so(client: Client, invitation: Invitation) -> None:
    client.force_login(factories.member("provider", "producer"))
    assert problem(client, page(invitation), 403) == "Kutsu on toiselle henkilölle"
    assert NEW not in client.get(page(invitation)).content.decode(), "whose it is, is not told"


def test_who_has_an_account_gains_the_role_and_no_second_account(
    client: Client, invitation: Invitation
) -> None:
    known = factories.member("provider", "producer", email=NEW)
    shown = client.get(page(invitation)).content.decode()
    assert "on jo tunnus" in shown
    tried = client.post(page(invitation), FORM)
    known.refresh_from_db()
    assert known.check_password(factories.PASSWORD), "a link alone sets no password"
    assert tried.status_code == 200
    client.force_login(known)
    assert client.post(page(invitation)).status_code == 302
    assert User.objects.filter(email__iexact=NEW).count() == 1
    assert set(known.memberships.values_list("role", flat=True)) == {"producer", "expert"}
    assert known.memberships.count() == 3


def test_a_closed_account_is_opened_again_by_an_invitation(client: Client, invitation: Invitation) -> None:
    known = factories.UserFactory(email=NEW)
    accounts.block(known, AccountStep.Reason.LEFT)
    client.post(page(invitation), FORM)
    known.refresh_from_db()
    assert known.is_active
    assert known.check_password(FORM["password"])
    assert list(known.account_steps.values_list("kind", flat=True)) == ["blocked", "returned"]


def test_a_closed_account_with_a_second_factor_is_asked_for_it(
    client: Client, invitation: Invitation
) -> None:
    known = factories.UserFactory(email=NEW)
    factories.second_factor(known)
    accounts.block(known, AccountStep.Reason.LEFT)
    answer = client.post(page(invitation), FORM)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.fi b@x.fi", ["a@x.fi", "b@x.fi"]),
        ("A@X.fi;\na@x.fi,\n", ["a@x.fi"]),
        ("Aino Neuvonen <aino@x.fi>; Onni <onni@x.fi>", ["aino@x.fi", "onni@x.fi"]),
        (" \n ", []),
        ("kirjoitusvirhe@", ["kirjoitusvirhe@"]),
    ],
)
def test_pasted_addresses_are_found_however_they_are_parted(text: str, expected: list[str]) -> None:
    assert addresses_in(text) == expected


def test_the_check_tells_of_each_address_what_would_happen(
    espoo: Organisation, main_user: User, invitation: Invitation
) -> None:
    factories.member("partner", "expert", espoo, email="on@espoo.example")
    factories.member("provider", "producer", email="tuttu@espoo.example")
    pasted = [NEW, "on@espoo.example", "tuttu@espoo.example", "toinen@espoo.example", "eiosoite"]

    def found(by: User) -> list[Finding]:
        return [one.finding for one in inviting.check(espoo, pasted, ["expert"], by=by)]

    ict = factories.member("project", "ict_specialist")
    assert found(ict) == [Finding.INVITED, Finding.MEMBER, Finding.KNOWN, Finding.NEW, Finding.INVALID]
    # A main user does not learn who has an account elsewhere.
    assert found(main_user) == [Finding.INVITED, Finding.MEMBER, Finding.NEW, Finding.NEW, Finding.INVALID]


def test_a_main_user_pastes_looks_and_sends(client: Client, espoo: Organisation, main_user: User) -> None:
    client.force_login(main_user)
    path = reverse("orgs:invite", args=["espoo"])
    form = {
        "addresses": "yksi@espoo.example\nkaksi@espoo.example; eiosoite",
        "roles": ["expert"],
        "language": "fi",
    }
    looked = client.post(path, form)
    assert "2 kutsua lähetetään" in looked.content.decode()
    assert not Invitation.objects.exists()
    sent = client.post(path, form | {"send": "1"}, follow=True)
    assert "2 kutsua on matkalla" in sent.content.decode()
    assert set(Invitation.objects.values_list("email", flat=True)) == {
        "yksi@espoo.example",
        "kaksi@espoo.example",
    }
    again = client.post(path, form | {"send": "1"}, follow=True)
    assert Invitation.objects.count() == 2
    assert again.status_code == 200


@pytest.mark.parametrize("roles", [["project_manager"], ["ict_specialist"], []])
def test_a_main_user_can_not_give_roles_that_the_organisation_does_not_have(
    client: Client, espoo: Organisation, main_user: User, roles: list[str]
) -> None:
    client.force_login(main_user)
    form = {"addresses": "x@espoo.example", "roles": roles, "language": "fi", "send": "1"}
    assert client.post(reverse("orgs:invite", args=["espoo"]), form).status_code == 422
    with pytest.raises(ValueError, match="roles"):
        inviting.invite(espoo, "x@espoo.example", roles, language="fi", by=main_user)
    assert not Invitation.objects.exists()


def test_only_who_manages_the_people_invites_renews_and_cancels(
    espoo: Organisation, invitation: Invitation
) -> None:
    other = factories.member("partner", "main_user")
    refused: list[Callable[[], object]] = [
        lambda: inviting.invite(espoo, "x@x.example", ["expert"], language="fi", by=other),
        lambda: inviting.renew(invitation, by=other),
        lambda: inviting.cancel(invitation, by=other),
    ]
    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()


def test_an_invitation_of_another_organisation_can_not_be_reached_through_ones_own(
    client: Client, invitation: Invitation
) -> None:
    other = factories.member("partner", "main_user")
    client.force_login(other)
    own = other.memberships.get().organisation.external_id
    for name in ("orgs:renew", "orgs:cancel"):
        assert client.post(reverse(name, args=[own, invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.cancelled_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_account_comes_and_one_is_told(invitation: Invitation) -> None:
    token = invitation_links.token(invitation)

    def accept(_number: int) -> str:
        try:
            inviting.accept_as_new(token, password=FORM["password"], full_name="Uusi", language="fi")
        except InvitationRefused as refusal:
            return refusal.problem.value
        finally:
            connections.close_all()
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(accept, range(2)))
    assert outcomes == ["accepted", Problem.USED.value]
    assert User.objects.filter(email=NEW).count() == 1
    assert LogEntry.objects.filter(event="invitation_accepted").count() == 1


def test_a_very_long_paste_is_read_at_once_and_refused_by_the_form(
    client: Client, espoo: Organisation, main_user: User
) -> None:
    for text in ("a" * 1_000_000, "<" * 200_000, "a <" * 200_000, "a@b," * 200_000):
        addresses_in(text)  # ends; a quadratic reading would take minutes
    client.force_login(main_user)
    form = {"addresses": "a" * 200_000, "roles": ["expert"], "language": "fi"}
    answer = client.post(reverse("orgs:invite", args=["espoo"]), form)
    assert answer.status_code == 422
    assert "enintään 60000 merkkiin" in re.sub(r"\s", " ", answer.content.decode()).replace(" 000", "000")


@given(st.text(alphabet="ab@.<>,; \n\"'", max_size=60))
def test_whatever_is_pasted_addresses_hold_no_separator_and_come_once(text: str) -> None:
    found = addresses_in(text)
    assert len(found) == len(set(found))
    assert not any(set(address) & set(",;\n") or address != address.strip() for address in found)


def test_an_address_longer_than_an_account_can_have_is_invalid(espoo: Organisation, main_user: User) -> None:
    longest = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".example"
    too_long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example"
    findings = [one.finding for one in inviting.check(espoo, [longest, too_long], ["expert"], by=main_user)]
    assert findings == [Finding.NEW, Finding.INVALID]
    assert inviting.invite(espoo, too_long, ["expert"], language="fi", by=main_user) is None


def test_who_is_removed_is_not_brought_back_by_an_invitation_still_open(
    client: Client, espoo: Organisation, main_user: User
) -> None:
    elsewhere = factories.OrganisationFactory(kind="partner")
    person = factories.member("partner", "expert", espoo)
    factories.MembershipFactory(user=person, organisation=elsewhere, role="expert")
    invited = inviting.invite(espoo, person.email, ["producer"], language="fi", by=main_user)
    assert invited is not None
    token = invitation_links.token(invited)
    people.remove(person, espoo, by=main_user)
    with pytest.raises(InvitationRefused, match="cancelled"):
        inviting.accept_as(person, token)
    assert not people.roles_of(person, espoo)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(4))
def test_accepting_beside_removal_never_leaves_the_person_in(
    espoo: Organisation, main_user: User, _round: int
) -> None:
    elsewhere = factories.OrganisationFactory(kind="partner")
    person = factories.member("partner", "expert", espoo)
    factories.MembershipFactory(user=person, organisation=elsewhere, role="expert")
    invited = inviting.invite(espoo, person.email, ["producer"], language="fi", by=main_user)
    assert invited is not None
    token = invitation_links.token(invited)

    def attempt(action: Callable[[], object]) -> None:
        try:
            action()
        except InvitationRefused:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                attempt,
                [
                    lambda: inviting.accept_as(person, token),
                    lambda: people.remove(person, espoo, by=main_user),
                ],
            )
        )
    assert not people.roles_of(person, espoo)


@pytest.mark.django_db(transaction=True)
def test_of_two_invitations_of_one_address_accepted_at_once_one_makes_the_account(
    espoo: Organisation, main_user: User, invitation: Invitation
) -> None:
    vantaa = factories.OrganisationFactory(kind="partner")
    other = inviting.invite(
        vantaa, NEW, ["expert"], language="fi", by=factories.member("partner", "main_user", vantaa)
    )
    assert other is not None
    pages = [page(invitation), page(other)]

    def accept(path: str) -> tuple[int, str]:
        try:
            answer = Client().post(path, FORM)
        finally:
            connections.close_all()
        return answer.status_code, answer.headers["Location"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(accept, pages))
    assert {status for status, _path in answers} == {302}
    user = User.objects.get(email=NEW)
    (behind,) = [path for path in pages if path in [location for _status, location in answers]]
    assert "Kirjaudu" in Client().get(behind).text, "the other asks to sign in with the account"
    assert user.memberships.count() in (1, 2)


@pytest.mark.parametrize(
    "name", ["Aino\nhttps://paha.example/", "Aino paha.example", "Aino www.paha.fi/x", "a@b.fi", "Aino\u202e"]
)
def test_a_name_that_is_an_address_or_has_lines_is_refused(
    client: Client, invitation: Invitation, name: str
) -> None:
    answer = client.post(page(invitation), FORM | {"full_name": name})
    assert answer.status_code == 422
    assert "Kirjoita nimi" in answer.text
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("name", ["J. R. Öhman", "Aino-Maija O'Neill", "Matti Virtanen Jr.", "Å"])
def test_names_of_people_are_accepted(client: Client, invitation: Invitation, name: str) -> None:
    assert client.post(page(invitation), FORM | {"full_name": name}).status_code == 302
    assert User.objects.get(email=NEW).full_name == name


def test_who_was_blocked_as_unused_comes_back_to_the_inviting_organisation_alone(
    espoo: Organisation, main_user: User
) -> None:
    person = factories.member("partner", "producer", espoo)
    factories.seat(person, Body.WORKING_GROUP, SeatKind.MEMBER)
    accounts.block(person, AccountStep.Reason.INACTIVE)
    assert Notice.objects.filter(kind="person_left", recipient=main_user).exists()
    provider = factories.OrganisationFactory(kind="provider")
    by = factories.member("provider", "main_user", provider)
    invited = inviting.invite(provider, person.email, ["producer"], language="fi", by=by)
    assert invited is not None
    back = inviting.accept_as_new(
        invitation_links.token(invited), password=FORM["password"], full_name="Aino", language="fi"
    )
    assert (back, back.is_active) == (person, True)
    assert not people.roles_of(back, espoo)
    assert not access.reads_internal(back)
    assert [position.organisation for position in access.positions(back)] == [provider.pk]


def test_no_one_sends_invitations_without_end(
    client: Client, espoo: Organisation, main_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "MOST_A_DAY", 3)
    client.force_login(main_user)
    form = {"addresses": " ".join(f"k{n}@espoo.example" for n in range(5)), "roles": ["expert"]}
    told = client.post(
        reverse("orgs:invite", args=["espoo"]), form | {"language": "fi", "send": "1"}, follow=True
    )
    assert "Enintään 3 kutsua vuorokaudessa" in told.text
    assert Invitation.objects.count() == 3
    with time_machine.travel(NOW + datetime.timedelta(days=1, minutes=1), tick=False):
        assert inviting.invite(espoo, "k4@espoo.example", ["expert"], language="fi", by=main_user)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("aaaaaaaaaaaa", "samat merkit"),
        ("salasana1234", "yleinen sana tai nimi"),
        ("123456789012", "peräkkäiset merkit"),
        ("espoonkaupunki1", "oma nimi, organisaatio tai tämä palvelu"),
        ("palvelumanuaali", "oma nimi, organisaatio tai tämä palvelu"),
        ("lösenord2026", "yleinen sana tai nimi"),
        ("uusiihminen12", "oma nimi, organisaatio tai tämä palvelu"),
    ],
)
def test_a_password_that_is_guessed_quickly_is_refused_with_the_reason(
    client: Client, invitation: Invitation, password: str, reason: str
) -> None:
    answer = client.post(page(invitation), FORM | {"password": password})
    assert answer.status_code == 422
    assert reason in answer.text
    assert not User.objects.filter(email=NEW).exists()


def test_a_mailbox_is_not_filled_with_renewed_links(
    espoo: Organisation, main_user: User, client: Client
) -> None:
    invitation = inviting.invite(espoo, NEW, ["producer"], language="fi", by=main_user)
    assert invitation is not None
    client.force_login(main_user)
    renew = reverse("orgs:renew", args=["espoo", invitation.pk])
    for _time in range(2):
        client.post(renew)
    refused = client.post(renew, follow=True)
    assert "useita linkkejä tunnin sisällä" in refused.text
    assert Notice.objects.filter(kind="invitation").count() == 3
    with time_machine.travel(NOW + datetime.timedelta(minutes=61), tick=False):
        client.force_login(main_user)
        client.post(renew)
    assert Notice.objects.filter(kind="invitation").count() == 4
