"""The outbox: nothing is lost, nothing is sent twice, security never waits."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import accounts, delivery, notices, tasks
from orgs.delivery import FIRST_WAIT, GIVE_UP_AFTER, LONGEST_WAIT, wait_after
from orgs.models import Notice, NoticeChoice, Organisation, User
from orgs.notice_kinds import KINDS
from tests import factories
from tests.clients import Client
from tests.moment import NOW

pytestmark = pytest.mark.django_db
Mails = list[EmailMultiAlternatives]


@pytest.fixture
def espoo() -> Organisation:
    made: Organisation = factories.OrganisationFactory(
        kind="partner", external_id="espoo", name={"fi": "Espoon kaupunki", "sv": "Esbo stad"}
    )
    return made


@pytest.fixture
def person(espoo: Organisation) -> User:
    return factories.member("partner", "expert", espoo, full_name="Aino Neuvonen", email="aino@espoo.example")


def given_role(person: User) -> Notice:
    return notices.tell("role_given", person, organisation="espoo", role="expert")


def deliver_all() -> None:
    for number in delivery.due():
        delivery.deliver(number)


def later(moment: datetime.timedelta) -> Any:
    return time_machine.travel(NOW + moment, tick=False)


def test_a_notice_goes_out_as_text_and_html_in_the_persons_language(person: User, mailoutbox: Mails) -> None:
    given_role(person)
    person.language = "sv"
    person.save()
    given_role(person)
    deliver_all()
    finnish, swedish = mailoutbox
    assert finnish.subject == "Sinulla on uusi rooli: Asiantuntija"
    assert "Espoon kaupunki" in str(finnish.body)
    assert "Esbo stad" in str(swedish.body)
    html, kind = finnish.alternatives[0][0], finnish.alternatives[0][1]
    assert kind == "text/html"
    assert "Espoon kaupunki" in str(html)
    assert str(html).count("<h1") == 1


def test_what_people_wrote_is_no_html_in_a_mail(espoo: Organisation, mailoutbox: Mails) -> None:
    person = factories.member("partner", "expert", espoo, full_name="<b>Aino</b>")  # past the form
    given_role(person)
    deliver_all()
    html = str(mailoutbox[0].alternatives[0][0])
    assert "<b>Aino" not in html
    assert "&lt;b&gt;Aino" in html
    assert "<b>Aino</b>" in str(mailoutbox[0].body)


def test_only_who_can_choose_a_digest_is_told_of_it(person: User, mailoutbox: Mails) -> None:
    notices.tell("security_change", person, what="factor_added")
    notices.tell_address("account_mail", "joku@muualta.example", subject="Hei", text="Hei vain.")
    given_role(person)
    deliver_all()
    told = ["kerran päivässä" in str(mail.body) for mail in mailoutbox]
    assert told == [False, False, True]
    assert told == ["kerran päivässä" in str(mail.alternatives[0][0]) for mail in mailoutbox]


def test_what_is_rolled_back_tells_no_one(person: User, mailoutbox: Mails) -> None:
    def half_done() -> None:
        with transaction.atomic():
            given_role(person)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    deliver_all()
    assert (Notice.objects.count(), mailoutbox) == (0, [])


def test_a_notice_is_sent_once_however_often_it_is_delivered(person: User, mailoutbox: Mails) -> None:
    notice = given_role(person)
    for _ in range(3):
        delivery.deliver(notice.pk)
    deliver_all()
    assert len(mailoutbox) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.subject) == ("sent", "Sinulla on uusi rooli: Asiantuntija")


def test_a_mail_server_that_is_down_loses_nothing(person: User, settings: Any, mailoutbox: Mails) -> None:
    notice = given_role(person)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    deliver_all()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.not_before) == ("waiting", 1, NOW + FIRST_WAIT)
    assert "ConnectionRefusedError" in notice.last_error
    deliver_all()
    notice.refresh_from_db()
    assert notice.attempts == 1, "not before its time"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with later(FIRST_WAIT):
        deliver_all()
    notice.refresh_from_db()
    assert (notice.state, len(mailoutbox)) == ("sent", 1)


def test_after_days_it_gives_up_where_ict_sees_it_and_can_send_it_again(
    client: Client, person: User, settings: Any, mailoutbox: Mails
) -> None:
    notice = given_role(person)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    deliver_all()
    with later(GIVE_UP_AFTER):
        deliver_all()
    notice.refresh_from_db()
    assert notice.state == "failed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.force_login(factories.member("project", "ict_specialist"))
    text = client.get(reverse("orgs:outbox")).content.decode()
    assert "Ei perillä" in text
    assert "ConnectionRefusedError" in text
    client.post(reverse("orgs:send_again", args=[notice.pk]))
    deliver_all()
    notice.refresh_from_db()
    assert (notice.state, len(mailoutbox)) == ("sent", 1)


@given(st.integers(1, 10_000))
def test_waits_grow_and_have_an_end(attempts: int) -> None:
    assert FIRST_WAIT <= wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


def test_who_wants_a_digest_gets_one_message_at_seven(person: User, mailoutbox: Mails) -> None:
    NoticeChoice.objects.create(user=person, notice_class="membership")
    given_role(person)
    notices.tell("role_ended", person, organisation="espoo", role="producer")
    deliver_all()
    assert delivery.deliver_round() == 0
    assert mailoutbox == []
    # It is 10.00 in Helsinki; the next digest leaves at 7.00 tomorrow.
    with later(datetime.timedelta(hours=20, minutes=59)):
        assert delivery.deliver_round() == 0
    with later(datetime.timedelta(hours=21)):
        assert delivery.deliver_round() == 1
        assert delivery.deliver_round() == 0
    assert mailoutbox[0].subject == "2 viestiä Palvelumanuaalista"
    assert "Asiantuntija" in str(mailoutbox[0].body)
    assert "Sisällöntuottaja" in str(mailoutbox[0].body)


def test_security_never_waits(client: Client, person: User, mailoutbox: Mails) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeChoice.objects.create(user=person, notice_class="security")
    client.force_login(person)
    answer = client.post(reverse("orgs:own"), {"notices": "1", "once_a_day": ["security"]})
    assert answer.status_code == 422
    notices.tell("security_change", person, what="password")
    deliver_all()
    assert mailoutbox[0].subject == "Salasanasi vaihdettiin"


def test_a_person_chooses_the_digest_on_the_own_page(client: Client, person: User) -> None:
    client.force_login(person)
    client.post(reverse("orgs:own"), {"notices": "1", "once_a_day": ["membership"]})
    assert given_role(person).digest
    client.post(reverse("orgs:own"), {"notices": "1"})
    assert not given_role(person).digest


def test_the_blocked_hear_of_their_account_only(person: User, mailoutbox: Mails) -> None:
    person.is_active = False
    person.save()
    given_role(person)
    notices.tell("account_blocked", person, reason="left", anonymised="23.12.2026")
    deliver_all()
    assert [mail.subject for mail in mailoutbox] == ["Tunnuksesi on suljettu"]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent", "dropped"}


def test_a_page_lists_what_was_sent_to_me_and_nothing_else(client: Client, person: User) -> None:
    given_role(person)
    notices.tell(
        "seat_given", factories.UserFactory(), organisation="espoo", body="working_group", seat="member"
    )
    deliver_all()
    client.force_login(person)
    text = client.get(reverse("orgs:notices")).content.decode()
    assert "Sinulla on uusi rooli: Asiantuntija" in text
    assert "uusi paikka" not in text
    lines = client.get(reverse("orgs:notices"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2


WORDS: dict[str, dict[str, Any]] = {
    "account_mail": {"subject": "Aihe", "text": "Teksti"},
    "security_change": {"what": "factor_added"},
    "access_token": {"what": "made", "by": "Maija", "name": "Sivusto", "token": 1},
    "factor_reset": {"by": "Onni"},
    "factor_reset_started": {"organisation": "espoo", "name": "Onni", "by": "Aino"},
    "factor_reset_done": {"organisation": "espoo", "name": "Onni"},
    "inactive_first": {"last": "1.1.2026", "blocked": "1.7.2026"},
    "inactive_second": {
        "last": "1.1.2026",
        "blocked": "1.7.2026",
        "duties": 2,
        "seats": [{"organisation": "espoo", "body": "steering_group", "seat": "member"}],
    },
    "holder_inactive": {
        "name": "Onni",
        "blocked": "1.7.2026",
        "duties": 0,
        "seats": [{"organisation": "espoo", "body": "steering_group", "seat": "member"}],
    },
    "seat_empty": {"organisation": "espoo", "body": "steering_group", "seat": "member", "name": "Onni"},
    "account_blocked": {"reason": "inactive", "anonymised": "31.7.2026"},
    "mass_effect_stopped": {"step": "accounts", "waiting": 12},
    "role_given": {"organisation": "espoo", "role": "expert"},
    "project_role_given": {
        "organisation": "espoo",
        "role": "expert",
        "name": "Onni",
        "giver": "",
        "number": 1,
    },
    "role_ended": {"organisation": "espoo", "role": "expert"},
    "seat_given": {"organisation": "espoo", "body": "working_group", "seat": "member", "predecessor": "Onni"},
    "seat_ended": {"organisation": "espoo", "body": "working_group", "seat": "member", "successor": "Onni"},
    "duties_received": {"organisation": "espoo", "leaving": "Onni", "count": 2, "duties": "A, B"},
    "invitation_accepted": {"organisation": "espoo", "name": "Onni"},
    "person_left": {"organisation": "espoo", "name": "Onni"},
}


_OF_THIS_ROOM = ("orgs.notice_kinds", "orgs.brakes")


def test_no_kind_of_this_room_is_left_out_below() -> None:
    own = {name for name, kind in KINDS.items() if kind.words.__module__ in _OF_THIS_ROOM}
    assert own == set(WORDS) | {"invitation", "password_reset"}, "these two go to addresses"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_has_words_in_every_language(
    person: User, mailoutbox: Mails, kind: str, language: str
) -> None:
    person.language = language
    person.save()
    notices.tell(kind, person, **WORDS[kind])
    deliver_all()
    mail = mailoutbox[0]
    assert mail.subject
    assert "{" not in f"{mail.subject}{mail.body}"
    assert "%(" not in f"{mail.subject}{mail.body}"
    assert Notice.objects.get().state == "sent"


# A name that was written before names were checked, or came from elsewhere.
PHISHING = "Aino\n\n→ Vahvista tunnuksesi | https://paha.example/\n\nHei"


def test_a_name_makes_neither_a_link_nor_a_paragraph_nor_a_header(
    espoo: Organisation, mailoutbox: Mails
) -> None:
    main_user = factories.member("partner", "main_user", espoo, full_name="Kaarina Rinne")
    notices.tell("person_left", main_user, name=PHISHING, organisation="espoo")
    deliver_all()
    (mail,) = mailoutbox
    assert "\n" not in mail.subject
    html = str(mail.alternatives[0][0])
    assert 'href="https://paha' not in html
    assert html.count("<a ") == 2, "the page of the people, and the home page"
    assert not any(line.startswith(("→", "https://paha")) for line in str(mail.body).splitlines())


def test_a_notice_without_words_stops_no_other_and_is_seen(
    person: User, mailoutbox: Mails, client: Client
) -> None:
    broken = notices.tell("role_given", person, organisation="espoo", role="no-such-role")
    whole = given_role(person)
    for _ in range(2):
        tasks.deliver_due()
    assert len(mailoutbox) == 1
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (whole.state, broken.state, broken.attempts) == ("sent", "waiting", 1)
    assert "no-such-role" in broken.last_error
    with later(GIVE_UP_AFTER):
        tasks.deliver_due()
    broken.refresh_from_db()
    assert broken.state == "failed"
    client.force_login(factories.member("project", "ict_specialist"))
    assert "no-such-role" in client.get(reverse("orgs:outbox")).text


def test_a_digest_goes_out_without_the_notice_that_has_no_words(person: User, mailoutbox: Mails) -> None:
    NoticeChoice.objects.create(user=person, notice_class="membership")
    notices.tell("role_given", person, organisation="espoo", role="no-such-role")
    given_role(person)
    notices.tell(
        "seat_ended", person, organisation="espoo", body="working_group", seat="member", successor=""
    )
    with later(datetime.timedelta(days=1)):
        tasks.deliver_due()
    (mail,) = mailoutbox
    html = str(mail.alternatives[0][0])
    assert mail.subject == "2 viestiä Palvelumanuaalista"
    assert html.count("<h2") == 2
    assert str(mail.body).count("\n--\n") == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_notice(mailoutbox: Mails) -> None:
    notice = notices.tell_address("account_mail", "joku@muualta.example", subject="Hei", text="Hei vain.")
    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=notice.pk)  # another worker is at it

        def other() -> Notice | None:
            try:
                return delivery.deliver(notice.pk)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(other).result(timeout=20) is None
    assert mailoutbox == []
    assert delivery.deliver(notice.pk) is not None
    assert len(mailoutbox) == 1


def test_notices_are_kept_for_a_set_time(person: User, settings: Any) -> None:
    settings.NOTICE_DAYS = 30
    given_role(person)
    with later(datetime.timedelta(days=31)):
        fresh = given_role(person)
        tasks.forget_old_log()
        assert list(Notice.objects.all()) == [fresh]


def test_an_anonymised_person_is_named_in_no_notice_of_others(person: User, espoo: Organisation) -> None:
    main_user = factories.member("partner", "main_user", espoo)
    notices.tell("person_left", main_user, name=str(person), organisation="espoo")
    deliver_all()
    notices.tell("person_left", main_user, name=str(person), organisation="espoo")
    notices.tell_address("account_mail", person.email, subject="Aihe", text="Teksti")
    assert "Aino Neuvonen" in str(list(Notice.objects.values()))
    accounts.anonymise(person)
    kept = str(list(Notice.objects.values()))
    assert "Neuvonen" not in kept
    assert "aino@espoo" not in kept
    assert "Entinen käyttäjä" in kept or "entinen käyttäjä" in kept
