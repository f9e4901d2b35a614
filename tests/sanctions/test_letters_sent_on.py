"""A letter of a sanction that no steering group member got is found, and sent on to who has the seat now."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.urls import reverse

from orgs.models import Seat, User
from orgs.roles import Body, SeatKind
from sanctions import kept
from sanctions.letters import sending_on
from sanctions.models import Letter, LetterCopy
from tests import factories
from tests.clients import Client
from tests.orgs.test_notices import deliver_all
from tests.sanctions.conftest import Office
from tests.sanctions.test_letters import given
from tests.services.site_pages import html, words
from tests.workflow.conftest import at, on


def sanctioned(late: Office) -> Letter:
    given(late, "2026-01-22", "first")
    given(late, "2026-02-24", "second")
    return given(late, "2026-03-10", "third")


@pytest.fixture
def unread(late: Office) -> Letter:
    """Return the letter of a sanction to a partner whose seat in the steering group is empty."""
    Seat.objects.all().delete()
    return sanctioned(late)


def seated(day: str) -> User:
    with on(day):
        user = at("espoo", "expert")
        user.full_name = "Elias Vuori"
        user.save()
        factories.seat(user, Body.STEERING_GROUP, SeatKind.MEMBER)
    return user


def page(office: Office, name: str, *args: object, day: str = "2026-03-11") -> str:
    client = Client()
    with on(day):
        client.force_login(office.manager)
        return words(html(client, reverse(name, args=args)))


def test_a_letter_that_reached_a_member_is_no_finding(late: Office) -> None:
    sanctioned(late)
    assert sending_on.unreached() == []


def test_one_that_reached_none_stands_at_the_office_until_it_is_sent_on(late: Office, unread: Letter) -> None:
    assert sending_on.unreached() == [unread]
    finding = f"Sanktion kirje {unread.name} ei ole tavoittanut ohjausryhmän jäsentä"
    assert finding in page(late, "office:office")
    assert "Kumppanilla ei ole nyt jäsentä" in page(late, "office:letter", unread.year, unread.number)
    seated("2026-03-11")
    assert "Lähetä: Elias Vuori" in page(late, "office:letter", unread.year, unread.number)
    client = Client()
    with on("2026-03-11"):
        client.force_login(late.manager)
        client.post(reverse("office:letter_send_on", args=[unread.year, unread.number]))
    told = page(late, "office:letter", unread.year, unread.number)
    assert "Lähetetty myös: Elias Vuori (Ohjausryhmä, jäsen), 11.3.2026. Lähettäjä: Marja Mallinen." in told
    assert finding not in page(late, "office:office")


def test_who_has_the_seat_gets_the_letter_itself(
    late: Office, unread: Letter, mailoutbox: list[EmailMessage]
) -> None:
    deliver_all()
    mailoutbox.clear()
    member = seated("2026-03-11")
    with on("2026-03-11"):
        sending_on.send_on(unread, by=late.manager)
        deliver_all()
    (mail,) = mailoutbox
    assert mail.to == [member.email]
    assert [name for name, *_rest in mail.attachments] == [unread.file_name]
    assert kept.of(member)["letters_sent_on"] == [unread.name]


def test_it_is_refused_for_others_for_nobody_and_a_second_time(late: Office, unread: Letter) -> None:
    with on("2026-03-11"):
        with pytest.raises(PermissionDenied):
            sending_on.send_on(unread, by=late.main_user)
        with pytest.raises(ValidationError, match="nimettävä"):
            sending_on.send_on(unread, by=late.manager)
    seated("2026-03-11")
    with on("2026-03-11"):
        sending_on.send_on(unread, by=late.manager)
        with pytest.raises(ValidationError, match="jo mennyt"):
            sending_on.send_on(unread, by=late.manager)
    assert LetterCopy.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterCopy.objects.update(name="Toinen")
