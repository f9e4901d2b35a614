"""Roles, seats and leaving."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.urls import reverse

from orgs import access, clock, inviting, people
from orgs.models import AccountStep, LogEntry, Membership, Notice, Organisation, Seat, User
from orgs.people import DutiesRemain
from orgs.roles import Body, Capability, SeatKind
from services.models import Term
from tests import factories
from tests.clients import Client
from workflow import pairs
from workflow.models import Updater

pytestmark = pytest.mark.django_db


@pytest.fixture
def espoo(vocabulary: dict[tuple[str, str], Term]) -> Organisation:
    factories.agreement()
    return Organisation.objects.get(external_id="espoo")


@pytest.fixture
def main_user(espoo: Organisation) -> User:
    return factories.member("partner", "main_user", espoo, full_name="Kaarina Rinne")


@pytest.fixture
def producer(espoo: Organisation, main_user: User) -> User:
    return factories.member("partner", "producer", espoo, full_name="Sofia Nurmi")


def roles(user: User, organisation: Organisation) -> set[str]:
    return set(people.roles_of(user, organisation))


def test_changed_roles_work_on_the_next_request(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    client.force_login(producer)
    page = reverse("orgs:people", args=["espoo"])
    assert client.get(page).status_code == 403
    manager = factories.member("project", "project_manager")
    people.set_roles(producer, espoo, ["producer", "main_user"], by=manager)
    assert client.get(page).status_code == 302, "the second factor is asked for anew"
    client.force_login(producer)
    assert client.get(page).status_code == 200
    people.set_roles(producer, espoo, ["expert"], by=manager)
    assert client.get(page).status_code == 403


def test_a_role_that_ends_counts_no_more_on_that_day_and_stays_on_record(
    espoo: Organisation, main_user: User, producer: User
) -> None:
    membership = producer.memberships.get()
    membership.starts_on -= datetime.timedelta(days=30)
    membership.save()
    people.set_roles(producer, espoo, ["expert"], by=main_user)
    assert roles(producer, espoo) == {"expert"}
    membership.refresh_from_db()
    assert membership.ends_on == clock.today() - datetime.timedelta(days=1)
    told = Notice.objects.filter(recipient=producer).values_list("kind", flat=True)
    assert set(told) == {"role_given", "role_ended"}
    logged = LogEntry.objects.filter(subject=producer, actor=main_user).values_list("event", flat=True)
    assert set(logged) == {"role_given", "role_ended"}


def test_the_last_main_user_stays(espoo: Organisation, main_user: User) -> None:
    manager = factories.member("project", "project_manager")
    with pytest.raises(ValidationError, match="viimeinen"):
        people.set_roles(main_user, espoo, ["expert"], by=manager)
    with pytest.raises(ValidationError, match="viimeinen"):
        people.remove(main_user, espoo, by=manager)
    assert roles(main_user, espoo) == {"main_user"}


@pytest.mark.django_db(transaction=True)
def test_of_two_main_users_who_remove_each_other_at_once_one_stays() -> None:
    factories.agreement()
    kielisilta = factories.OrganisationFactory(kind="provider")
    first, second = (factories.member("provider", "main_user", kielisilta) for _ in range(2))

    def remove(pair: tuple[User, User]) -> str:
        try:
            people.remove(pair[1], kielisilta, by=pair[0])
        except (ValidationError, PermissionDenied):
            return "refused"
        finally:
            connections.close_all()
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(remove, [(first, second), (second, first)]))
    assert outcomes == ["refused", "removed"]
    assert access.holders_in(kielisilta, ["main_user"]).count() == 1


def test_losing_the_last_membership_blocks_at_once(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    client.force_login(producer)
    assert client.get(reverse("orgs:own")).status_code == 200
    people.remove(producer, espoo, by=main_user)
    producer.refresh_from_db()
    assert not producer.is_active
    assert client.get(reverse("orgs:own")).status_code == 302
    assert producer.account_steps.get().reason == AccountStep.Reason.LEFT


def test_who_has_another_organisation_goes_on_there(
    espoo: Organisation, main_user: User, producer: User
) -> None:
    factories.MembershipFactory(user=producer, role="producer")
    people.remove(producer, espoo, by=main_user)
    producer.refresh_from_db()
    assert producer.is_active
    assert roles(producer, espoo) == set()


def an_updater(producer: User) -> Updater:
    service = factories.published().service
    return pairs.name_updater(
        service, Updater.Half.PARTNER, producer, by=factories.member("project", "ict_specialist")
    )


def test_an_updater_of_a_published_service_is_not_removed_before_it_is_handed_over(
    espoo: Organisation, main_user: User, producer: User
) -> None:
    an_updater(producer)
    with pytest.raises(DutiesRemain) as refusal:
        people.remove(producer, espoo, by=main_user)
    assert [duty.text for duty in refusal.value.duties] == ["Kielikahvila (Kumppanin päivittäjä)"]
    assert roles(producer, espoo) == {"producer"}
    with pytest.raises(DutiesRemain):
        people.set_roles(producer, espoo, ["expert"], by=main_user)


def test_removal_hands_over_and_removes_in_one_step(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    held = an_updater(producer)
    client.force_login(main_user)
    page = reverse("orgs:remove", args=["espoo", producer.pk])
    assert "Kielikahvila" in client.get(page).content.decode()
    missing = client.post(page, {})
    assert missing.status_code == 422
    assert "Valitse henkilö" in missing.content.decode()
    removed = client.post(page, {"duty-0": str(main_user.pk)})
    assert removed.status_code == 302
    now = pairs.current(held.service, Updater.Half.PARTNER)
    assert now
    assert now.user == main_user
    assert roles(producer, espoo) == set()
    assert Notice.objects.filter(recipient=main_user, kind="duties_received").exists()


def test_one_choice_for_all_hands_everything_over(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    ict = factories.member("project", "ict_specialist")
    for name in ("yksi", "kaksi"):
        pairs.name_updater(factories.published(name).service, Updater.Half.PARTNER, producer, by=ict)
    client.force_login(main_user)
    page = reverse("orgs:remove", args=["espoo", producer.pk])
    assert client.post(page, {"all": str(main_user.pk)}).status_code == 302
    assert Updater.objects.filter(user=main_user, ends_on=None).count() == 2


def test_services_are_moved_one_by_one_and_the_person_stays(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    ict = factories.member("project", "ict_specialist")
    for name in ("yksi", "kaksi"):
        pairs.name_updater(factories.published(name).service, Updater.Half.PARTNER, producer, by=ict)
    client.force_login(main_user)
    page = reverse("orgs:hand_over", args=["espoo", producer.pk])
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"duty-0": str(main_user.pk)}).status_code == 302
    assert Updater.objects.filter(user=main_user, ends_on=None).count() == 1
    assert Updater.objects.filter(user=producer, ends_on=None).count() == 1
    assert roles(producer, espoo) == {"producer"}
    assert Notice.objects.filter(recipient=main_user, kind="duties_received").count() == 1


def test_a_role_that_is_needed_for_services_leads_to_moving_them(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    an_updater(producer)
    client.force_login(main_user)
    refused = client.post(reverse("orgs:person", args=["espoo", producer.pk]), {"roles": ["expert"]})
    move = reverse("orgs:hand_over", args=["espoo", producer.pk])
    assert refused.status_code == 422
    assert f'href="{move}"' in refused.content.decode()
    assert client.post(move, {"all": str(main_user.pk)}).status_code == 302
    assert client.post(refused.request["PATH_INFO"], {"roles": ["expert"]}).status_code == 302
    assert roles(producer, espoo) == {"expert"}


@pytest.mark.parametrize("choice", ["foreign", "leaving", "expert", "99999"])
def test_services_are_not_moved_to_who_can_not_be_an_updater(
    client: Client, espoo: Organisation, main_user: User, producer: User, choice: str
) -> None:
    held = an_updater(producer)
    people_by_name = {
        "foreign": lambda: factories.member("partner", "producer").pk,
        "leaving": lambda: producer.pk,
        "expert": lambda: factories.member("partner", "expert", espoo).pk,
    }
    number = people_by_name.get(choice, lambda: choice)()
    client.force_login(main_user)
    refused = client.post(reverse("orgs:hand_over", args=["espoo", producer.pk]), {"duty-0": str(number)})
    assert refused.status_code == 422
    now = pairs.current(held.service, Updater.Half.PARTNER)
    assert now
    assert now.user == producer


@pytest.mark.parametrize("choice", ["foreign", "leaving", "expert", "99999", "x"])
def test_only_who_can_be_an_updater_takes_over(
    client: Client, espoo: Organisation, main_user: User, producer: User, choice: str
) -> None:
    held = an_updater(producer)
    chosen = {
        "foreign": str(factories.member("partner", "producer").pk),
        "leaving": str(producer.pk),
        "expert": str(factories.member("partner", "expert", espoo).pk),
    }.get(choice, choice)
    client.force_login(main_user)
    page = reverse("orgs:remove", args=["espoo", producer.pk])
    assert client.post(page, {"duty-0": chosen}).status_code == 422
    held.refresh_from_db()
    assert (held.user, held.ends_on) == (producer, None)
    assert roles(producer, espoo) == {"producer"}


def test_a_seat_is_given_and_followed(espoo: Organisation, main_user: User, producer: User) -> None:
    first = people.give_seat(producer, espoo, Body.WORKING_GROUP, SeatKind.MEMBER, by=main_user)
    Seat.objects.filter(pk=first.pk).update(starts_on=clock.today() - datetime.timedelta(days=90))
    first.refresh_from_db()
    second = people.give_seat(
        main_user, espoo, Body.WORKING_GROUP, SeatKind.MEMBER, by=main_user, follows=first
    )
    first.refresh_from_db()
    assert second.predecessor == first
    assert list(first.successors.all()) == [second]
    assert first.ends_on == clock.today() - datetime.timedelta(days=1)
    assert Notice.objects.get(recipient=producer, kind="seat_ended").context["successor"] == "Kaarina Rinne"


def test_a_seat_needs_a_role_in_the_partner_and_is_held_once(
    espoo: Organisation, main_user: User, producer: User
) -> None:
    people.give_seat(producer, espoo, Body.STEERING_GROUP, SeatKind.MEMBER, by=main_user)
    with pytest.raises(ValidationError, match="jo paikka"):
        people.give_seat(producer, espoo, Body.STEERING_GROUP, SeatKind.DEPUTY, by=main_user)
    stranger = factories.member("partner", "expert")
    with pytest.raises(ValidationError):
        people.give_seat(stranger, espoo, Body.STEERING_GROUP, SeatKind.DEPUTY, by=main_user)
    provider = factories.member("provider", "main_user")
    with pytest.raises(ValidationError):
        people.give_seat(
            provider,
            provider.memberships.get().organisation,
            Body.WORKING_GROUP,
            SeatKind.MEMBER,
            by=provider,
        )


def test_a_seat_gives_nothing_once_its_holder_has_left(
    espoo: Organisation, main_user: User, producer: User
) -> None:
    people.give_seat(producer, espoo, Body.STEERING_GROUP, SeatKind.MEMBER, by=main_user)
    assert access.may(producer, Capability.SEE_CASES)
    people.remove(producer, espoo, by=main_user)
    producer.is_active = True
    assert not access.may(producer, Capability.SEE_CASES)


def test_a_main_user_reaches_only_the_own_people(
    client: Client, espoo: Organisation, main_user: User
) -> None:
    stranger = factories.member("partner", "expert")
    client.force_login(main_user)
    for name in ("orgs:person", "orgs:remove"):
        assert client.get(reverse(name, args=["espoo", stranger.pk])).status_code == 404
        assert client.post(reverse(name, args=["espoo", stranger.pk]), {}).status_code == 404
    seat = factories.seat(stranger, Body.WORKING_GROUP, SeatKind.MEMBER)
    assert client.post(reverse("orgs:end_seat", args=["espoo", seat.pk])).status_code == 404
    assert Membership.objects.filter(user=stranger, ends_on=None).exists()
    with pytest.raises(PermissionDenied):
        people.set_roles(stranger, stranger.memberships.get().organisation, ["expert"], by=main_user)
    with pytest.raises(PermissionDenied):
        people.end_seat(seat, by=main_user)


def test_no_one_gives_a_role_that_the_organisation_does_not_have(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    client.force_login(main_user)
    page = reverse("orgs:person", args=["espoo", producer.pk])
    assert client.post(page, {"roles": ["project_manager"]}).status_code == 422
    with pytest.raises(ValidationError):
        people.set_roles(producer, espoo, ["ict_specialist"], by=main_user)
    assert roles(producer, espoo) == {"producer"}


def test_the_list_shows_what_a_main_user_needs(
    client: Client,
    espoo: Organisation,
    main_user: User,
    producer: User,
    django_assert_max_num_queries: object,
) -> None:
    client.force_login(main_user)
    page = reverse("orgs:people", args=["espoo"])
    text = client.get(page).content.decode()
    assert all(
        word in text
        for word in ("Sofia Nurmi", "Sisällöntuottaja", "23.11.2026", "Vähimmäismiehitys ei täyty")
    )
    for _ in range(12):
        factories.member("partner", "expert", espoo, password=None)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        client.get(page)


def test_a_file_holds_what_the_page_shows_and_taking_it_is_logged(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    client.force_login(main_user)
    answer = client.get(reverse("orgs:people", args=["espoo"]), {"format": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(";")[:3] == ["Nimi", "Sähköposti", "Nimike"]
    assert {line.split(";")[0] for line in lines[1:]} == {"Kaarina Rinne", "Sofia Nurmi"}
    entry = LogEntry.objects.get(event="exported")
    assert (entry.actor, entry.detail["rows"]) == (main_user, 2)


def test_a_partners_main_user_is_made_and_unmade_by_the_project_alone(
    client: Client, espoo: Organisation, main_user: User, producer: User
) -> None:
    other = factories.member("partner", "main_user", espoo)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: people.set_roles(producer, espoo, ["main_user"], by=main_user),
        lambda: people.set_roles(other, espoo, ["expert"], by=main_user),
        lambda: people.remove(other, espoo, by=main_user),
        lambda: inviting.invite(espoo, "x@espoo.example", ["main_user"], language="fi", by=main_user),
        lambda: people.set_roles(
            producer, espoo, ["main_user"], by=factories.member("project", "communications_officer")
        ),
    )
    for attempt in attempts:
        with pytest.raises(ValidationError, match="projekti"):
            attempt()
    client.force_login(main_user)
    page = reverse("orgs:person", args=["espoo", other.pk])
    assert 'value="main_user"' not in client.get(page).text
    assert client.post(page, {"roles": ["expert"]}).status_code == 302
    assert roles(other, espoo) == {"main_user", "expert"}, "what one can't take is kept"
    provider = factories.OrganisationFactory(kind="provider")
    own = factories.member("provider", "main_user", provider)
    colleague = factories.member("provider", "producer", provider)
    people.set_roles(colleague, provider, ["main_user"], by=own)
    assert roles(colleague, provider) == {"main_user"}
