"""The expert's view: work instructions, the own municipality's first."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from orgs.models import LogEntry, Municipality, Organisation, User
from services.models import StatutoryOption, StatutoryWording, Term
from tests import factories
from tests.clients import Client
from tests.services.site_pages import tight

pytestmark = pytest.mark.usefixtures("vocabulary")
PAGE = "/fi/palvelut/kielikahvila/ohje/"


def local(text: str) -> dict[str, Any]:
    return {"fi": {"guidance": f"<p>{text}</p>"}}


@pytest.fixture
def service(vocabulary: dict[tuple[str, str], Term]) -> None:
    content = factories.document()
    number = uuid.UUID(int=7)
    content["internal"] |= {
        "municipal": {"049": local("Espoon oma tapa."), "091": local("Helsingin oma tapa.")},
        "contacts": [
            {"kind": "person", "name": "Marjukka Opas", "title": {"fi": "Yhteys"}, "phone": "040 000 0201",
             "email": "opas@espoo.example", "info": {}, "municipality": "049"}
        ],
        "links": [{"url": "https://intra.example/ohje", "title": {"fi": "Tiimin ohje"}}],
        "attachments": [factories.stored_attachment(number)],
        "archiving": True,
    }  # fmt: skip
    factories.published(content=content)


def expert(**more: Any) -> User:
    return factories.member("partner", "expert", Organisation.objects.get(external_id="espoo"), **more)


def read(client: Client, user: User, page: str = PAGE) -> str:
    client.force_login(user)
    answer = client.get(page)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.usefixtures("service")
def test_the_own_municipalitys_instructions_stand_first_and_the_others_are_folded(client: Client) -> None:
    text = read(client, expert())
    own, common, other = (
        text.index(words)
        for words in ("Espoon oma tapa.", "Kerro kahvilasta asiakkaalle.", "Helsingin oma tapa.")
    )
    assert own < common < other
    assert "Espoo, oma kuntasi" in text
    assert "Muiden kuntien ohjeet: Helsinki" in text
    assert text.rindex("<details>", 0, other) > common


@pytest.mark.usefixtures("service")
def test_the_municipality_that_a_person_has_chosen_counts_before_the_partners_area(client: Client) -> None:
    text = read(client, expert(home_municipality=Municipality.objects.get(pk="091")))
    assert "Helsinki, oma kuntasi" in text
    assert "Muiden kuntien ohjeet: Espoo" in text


@pytest.mark.usefixtures("service")
def test_the_page_holds_quick_answers_contacts_links_and_attachments(client: Client) -> None:
    text = read(client, expert())
    for words in ("Pikavastaukset", "Velvoittaako?", "Arkistointi", "Marjukka Opas", "040 000 0201",
                  "https://intra.example/ohje", "Ohje</a>(pdf", "Työohje on sisäinen"):  # fmt: skip
        assert words in tight(text), words
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.usefixtures("service")
def test_reading_internal_contacts_is_logged_and_a_page_without_them_is_not(client: Client) -> None:
    user = expert()
    read(client, user)
    entry = LogEntry.objects.get(event="contacts_read")
    assert (entry.actor, entry.detail) == (user, {"service": "kielikahvila"})
    factories.published("toinen")
    read(client, user, "/fi/palvelut/toinen/ohje/")
    assert LogEntry.objects.filter(event="contacts_read").count() == 1


@pytest.mark.usefixtures("service")
def test_the_law_is_quoted_as_it_reads_today(client: Client) -> None:
    option = StatutoryOption.objects.get(kind="obligation", key="not_obligatory")
    for day, words in (
        (datetime.date(2026, 11, 1), "Nykyinen sana."),
        (datetime.date(2027, 1, 1), "Tuleva sana."),
    ):
        StatutoryWording.objects.update_or_create(
            option=option, valid_from=day, defaults={"label": {"fi": words}, "text": {"fi": words}}
        )
    text = read(client, expert())
    assert "Nykyinen sana." in text
    assert "Tuleva sana." not in text


@pytest.mark.usefixtures("service")
def test_a_switch_leads_between_the_views_for_those_who_may_read_both(client: Client) -> None:
    public = "/fi/palvelut/kielikahvila/"
    assert PAGE not in client.get(public).content.decode()
    text = read(client, expert(), public)
    assert PAGE in text
    assert public in read(client, expert())
    client.force_login(factories.member("provider", "producer"))
    assert PAGE not in client.get(public).content.decode()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("who", ["visitor", "provider"])
def test_everyone_else_gets_a_page_that_explains_and_tells_nothing_of_what_there_is(
    client: Client, who: str
) -> None:
    if who == "provider":
        client.force_login(factories.member("provider", "main_user"))
    shown, missing = client.get(PAGE), client.get("/fi/palvelut/ei-ole/ohje/")
    assert (shown.status_code, missing.status_code) == (403, 403)

    def alike(answer: Any) -> str:
        text = answer.content.decode().replace("ei-ole", "kielikahvila")
        return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)

    assert alike(shown) == alike(missing)
    assert "Työohjeet ovat sisäisiä" in shown.content.decode()
    assert ("Kirjaudu, niin" in shown.content.decode()) == (who == "visitor")
    assert "no-store" in shown.headers["Cache-Control"]


def test_who_may_read_gets_404_for_a_service_that_is_not_published(client: Client) -> None:
    factories.service("luonnos")
    client.force_login(expert())
    assert client.get("/fi/palvelut/luonnos/ohje/").status_code == 404


@pytest.mark.usefixtures("service")
def test_instructions_that_are_not_translated_say_in_which_language_they_are(client: Client) -> None:
    with translation.override("sv"):
        page = reverse("site:instructions", args=["kielikahvila"])
    text = read(client, expert(), page)
    assert 'class="rich stack" lang="fi"' in text
    assert "bara på finska" in text


@pytest.mark.usefixtures("service")
def test_the_page_asks_the_database_a_fixed_number_of_times(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(expert())
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
