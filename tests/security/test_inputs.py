"""What no browser sends: each gets a clear answer, none an error of ours, and none keeps us busy."""

import time
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs import delivery, user_log
from orgs.free_addresses import validate_free_address
from orgs.models import LogEntry, Notice
from orgs.shares import share_from
from services.exchange.importing import BadFile, import_file
from services.models import Term
from tests import factories
from tests.clients import Client
from tests.security.cast import Cast

Vocabulary = dict[tuple[str, str], Term]


def test_a_page_number_of_thousands_of_digits_is_page_one(client: Client, vocabulary: Vocabulary) -> None:
    factories.published()
    for page in ("0" * 4_000 + "1" * 400, "9" * 4_400, "0000001"):
        answer = client.get(reverse("site:services"), {"page": page})
        assert answer.status_code in (200, 302)


def test_a_session_cookie_with_a_nul_byte_is_no_session(client: Client, db: None) -> None:
    client.cookies["sessionid"] = "abcdefgh\x00ijklmnop"
    assert client.get("/fi/").status_code == 200
    assert client.get(reverse("orgs:own")).status_code == 302


@pytest.mark.parametrize("chosen", ["²", "٣" * 30, "9" * 5_000, "-1"])
def test_a_strange_successor_is_no_one(client: Client, everyone: Cast, chosen: str) -> None:
    client.force_login(everyone.people["main user"])
    path = reverse("orgs:remove", args=["espoo", everyone.people["producer"].pk])
    assert client.post(path, {"all": chosen, "duty-0": chosen}).status_code in (302, 422)


@pytest.mark.parametrize("share", ["1e3000000", "1e10000000", "1/0", "1" * 5_000, "-1", "½", "0x1", "1/2/3"])
def test_a_share_that_is_none_is_refused_at_once(share: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ValueError, match=r".*"):
        share_from(share)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "share"),
    [("1/3", Fraction(1, 3)), ("0,25", Fraction(1, 4)), ("12,5 %", Fraction(1, 8)), ("2", Fraction(2))],
)
def test_shares_are_read_as_people_write_them(text: str, share: Fraction) -> None:
    assert share_from(text) == share


@given(st.fractions(0, 1, max_denominator=10**9))
def test_a_share_is_read_back_exactly(share: Fraction) -> None:
    assert share_from(str(share)) == share


@pytest.mark.parametrize(
    ("length", "who", "status"),
    [(200_000_000, None, 413), (1_000_001, None, 413), (200_000_000, "expert", 413), (30, None, 200)],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    db: None, length: int, who: str | None, status: int
) -> None:
    client = Client()
    if who:
        client.force_login(factories.member("partner", who))
    answer = client.post(
        "/fi/account/login/", b"x" * 30, content_type="application/octet-stream", CONTENT_LENGTH=length
    )
    assert answer.status_code == status
    if status == 413:
        assert "Se on liikaa kerralla" in answer.text
        assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["loki", "sopimukset", "organisationer", "log", "outbox"])
def test_an_organisation_is_not_named_like_a_page_of_ours(name: str) -> None:
    with pytest.raises(ValidationError, match="on jo oma sivumme"):
        validate_free_address(name)
    validate_free_address("lokki")


def organisation(**values: str) -> dict[str, Any]:
    file: dict[str, Any] = factories.exchange_file()
    file["organisations"] = [{"id": "uusi", "kind": "partner", "name": {"fi": "Uusi"}} | values]
    return file


@pytest.mark.parametrize(
    "values", [{"website": "javascript:alert(1)"}, {"email": "ei osoite"}, {"id": "loki"}, {"website": "//x"}]
)
def test_an_imported_value_is_checked_as_a_form_would(vocabulary: Vocabulary, values: dict[str, str]) -> None:
    with pytest.raises(BadFile, match=r"organisations\[0\]"):
        import_file(organisation(**values))
    import_file(organisation(website="https://uusi.example/"))


def test_a_reset_link_leads_to_the_public_address_whatever_host_asked(
    db: None, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.BASE_URL = "https://palvelumanuaali.example"
    settings.ALLOWED_HOSTS = ["*"]
    user = factories.member("partner", "expert")
    Client().post("/fi/account/password/reset/", {"email": user.email}, headers={"Host": "paha.example"})
    for number in delivery.due():
        delivery.deliver(number)
    assert "https://palvelumanuaali.example/fi/account/password/reset/key/" in str(mailoutbox[0].body)
    assert "paha.example" not in str(mailoutbox[0].body)


def test_asking_for_a_new_password_is_the_same_work_for_a_stranger(db: None, mailoutbox: list[Any]) -> None:
    user = factories.member("partner", "expert")
    counts = []
    for address in (user.email, "ei-ole@espoo.example"):
        with CaptureQueriesContext(connection) as asked:
            Client().post("/fi/account/password/reset/", {"email": address})
        counts.append([one["sql"].split()[0] for one in asked.captured_queries])
    assert counts[0] == counts[1]
    for number in delivery.due():
        delivery.deliver(number)
    assert [mail.to for mail in mailoutbox] == [[user.email]]
    assert set(Notice.objects.values_list("address", "state")) == {
        (user.email, "sent"),
        ("ei-ole@espoo.example", "dropped"),
    }


def test_reading_personal_data_the_log_and_internal_files_is_logged(everyone: Cast) -> None:
    client = Client()
    main_user, producer = everyone.people["main user"], everyone.people["producer"]
    ict, expert = everyone.people["ICT specialist"], everyone.people["expert"]
    client.force_login(main_user)
    client.get(reverse("orgs:people", args=["espoo"]))
    client.get(reverse("orgs:person", args=["espoo", producer.pk]))
    client.force_login(ict)
    client.get(reverse("orgs:log"))
    client.force_login(expert)
    client.get(reverse("site:attachment", args=[everyone.internal_file]))
    event = user_log.Event
    read = LogEntry.objects.filter(event__in=[event.PEOPLE_READ, event.LOG_READ, "file_read"]).order_by("pk")
    assert [(e.event, e.actor, e.subject) for e in read] == [
        ("people_read", main_user, None),
        ("people_read", main_user, producer),
        ("log_read", ict, None),
        ("file_read", expert, None),
    ]
