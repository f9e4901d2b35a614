"""The user log speaks sentences: every event, in each language, for ICT and in files."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from orgs import clock, inviting, log_events, user_log
from orgs.log_events import sentences
from orgs.models import Invitation, LogEntry, Organisation, User
from services.log_events import Event
from tests import factories
from tests.clients import Client
from tests.services.site_pages import LANGUAGES, html, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
# What each event carries beside who, whom and where.
DETAILS: dict[str, dict[str, Any]] = {
    "refused": {"route": "/fi/hallinta/loki/"},
    "sign_in_failed": {"factor": True},
    "factor_added": {"factor": "totp"},
    "factor_removed": {"factor": "webauthn"},
    "invited": {"roles": ["expert", "producer"], "invitation": 0},
    "role_given": {"role": "expert"},
    "role_ended": {"role": "main_user"},
    "seat_given": {"body": "working_group", "kind": "deputy"},
    "seat_ended": {"body": "steering_group", "kind": "member"},
    "duties_handed_over": {"count": 3},
    "account_blocked": {"reason": "inactive"},
    "exported": {"what": "people-espoo", "rows": 5, "format": "xlsx"},
    "granted": {"service": "kielikahvila", "until": "2026-12-24", "internal": True},
    "grant_ended": {"service": "kielikahvila"},
    "vocabulary_changed": {"done": "moved", "vocabulary": "need", "key": "hoiva"},
    "wording_changed": {"done": "added", "kind": "statement", "key": "given", "day": "2027-01-01"},
    "place_changed": {"done": "changed", "place": "talo"},
    "synonyms_changed": {"language": "fi", "key": "tyonhaku", "expressions": 3},
    "file_read": {"file": "case 1: 2"},
    "contacts_read": {"service": "kielikahvila"},
}


@pytest.fixture
def espoo() -> Organisation:
    return Organisation.objects.get(external_id="espoo")


def said(event: str, language: str = "en", **values: Any) -> str:
    entry = LogEntry.objects.create(at=clock.now(), event=event, **values)
    with override(language):
        return sentences([entry])[entry.pk]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_is_a_sentence_in_every_language(espoo: Organisation, language: str) -> None:
    factories.published()
    actor, subject = (factories.UserFactory(full_name=name) for name in ("Aino Neuvonen", "Onni Malli"))
    for event, label in log_events.choices():
        detail = DETAILS.get(event, {})
        sentence = said(event, language, actor=actor, subject=subject, organisation=espoo, detail=detail)
        assert sentence.endswith("."), event
        assert sentence != label
        assert len(sentence.split()) > 2, event
        assert not set("{}[]'_%").intersection(sentence.replace("'s ", "")), sentence


def test_an_invitation_names_the_address_and_the_roles(espoo: Organisation) -> None:
    main_user = factories.member("partner", "main_user", espoo, full_name="Katri Vastuu")
    factories.agreement()
    inviting.invite(espoo, "uusi@espoo.example", ["expert", "producer"], by=main_user, language="fi")
    (entry,) = LogEntry.objects.filter(event="invited")
    with override("fi"):
        assert sentences([entry])[entry.pk] == (
            "Katri Vastuu kutsui osoitteen uusi@espoo.example rooleihin Asiantuntija ja Sisällöntuottaja "
            "(Espoon kaupunki)."
        )
    Invitation.objects.all().delete()
    assert "uusi@" not in sentences([entry])[entry.pk]


def test_what_nobody_did_is_said_of_the_manual_and_failures_differ(espoo: Organisation) -> None:
    onni = factories.UserFactory(full_name="Onni Malli")
    assert said("removed", subject=onni, organisation=espoo).startswith("Palvelumanuaali removed Onni Malli")
    assert said("sign_in_failed") == "Someone tried to sign in with an address that has no account."
    assert "wrong password" in said("sign_in_failed", subject=onni)
    assert "wrong code" in said("sign_in_failed", subject=onni, detail={"factor": True})


def test_services_are_named_and_one_that_is_gone_by_its_identifier() -> None:
    factories.published()
    aino = factories.UserFactory(full_name="Aino Neuvonen")
    told = said(Event.CONTACTS_READ, "fi", actor=aino, detail={"service": "kielikahvila"})
    assert told == "Aino Neuvonen luki palvelun Kielikahvila sisäiset yhteystiedot."
    assert "poistettu-palvelu" in said(
        Event.CONTACTS_READ, actor=aino, detail={"service": "poistettu-palvelu"}
    )


def test_an_event_that_no_room_knows_any_more_stays_as_it_was_written() -> None:
    assert said("long_gone") == "long_gone"


@pytest.fixture
def ict(client: Client) -> User:
    user = factories.member("project", "ict_specialist", full_name="Otso Kytkin")
    client.force_login(user)
    return user


@pytest.mark.usefixtures("ict")
def test_the_log_is_narrowed_by_person_organisation_and_period(client: Client, espoo: Organisation) -> None:
    onni = factories.UserFactory(full_name="Onni Malli", email="onni@espoo.example")
    user_log.record(user_log.Event.ROLE_GIVEN, actor=onni, subject=onni, organisation=espoo, role="expert")
    log, told = reverse("orgs:log"), "Onni Malli antoi roolin Asiantuntija: Onni Malli (Espoon kaupunki)."
    for query in ("", "?who=malli", "?who=onni@", "?organisation=espoo", "?first=2026-11-23&last=2026-11-23"):
        assert told in words(html(client, log + query)), query
    for query in ("?who=aino", "?organisation=kielisilta", "?first=2026-11-24", "?last=2026-11-22"):
        assert told not in words(html(client, log + query)), query


@pytest.mark.usefixtures("ict")
def test_a_day_that_is_none_is_said_at_its_field(client: Client) -> None:
    page = html(client, f"{reverse('orgs:log')}?first=eilen")
    assert 'id="id_first_error"' in page


@pytest.mark.usefixtures("ict")
def test_the_file_holds_the_sentences(client: Client, espoo: Organisation) -> None:
    onni = factories.UserFactory(full_name="Onni Malli")
    user_log.record(user_log.Event.REMOVED, actor=onni, subject=onni, organisation=espoo)
    answer = client.get(f"{reverse('orgs:log')}?format=csv&organisation=espoo")
    assert "Onni Malli poisti henkilön organisaatiosta" in answer.content.decode("utf-8-sig")
