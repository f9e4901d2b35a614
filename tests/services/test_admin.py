"""Editing vocabularies and statutory wordings, by ICT."""

from collections.abc import Iterator
from typing import Any

import pytest

from orgs.models import LogEntry
from palvelumanuaali import celery_app
from services.models import PublishedService, StatutoryOption, StatutoryWording, Term
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.fixture
def ict(client: Client) -> Client:
    client.force_login(factories.member("project", "ict_specialist"))
    return client


@pytest.fixture
def at_once() -> Iterator[None]:
    """Have tasks run where they are called, as a worker would soon after."""
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


def test_a_changed_label_is_written_by_language_and_reaches_the_published_pages(
    ict: Client, at_once: None, django_capture_on_commit_callbacks: Any
) -> None:
    factories.published()
    term = Term.objects.get(vocabulary="need", key="language_skills")
    form = {"label_fi": "Kielen oppiminen", "label_sv": "Att lära sig språk", "label_en": "", "position": "4"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = ict.post(f"/admin/services/term/{term.pk}/change/", form)
    assert answer.status_code == 302
    term.refresh_from_db()
    assert term.label == {"fi": "Kielen oppiminen", "sv": "Att lära sig språk"}
    assert term.key == "language_skills"
    assert (
        PublishedService.objects.get(language="fi").document["terms"]["needs"][0]["label"]
        == "Kielen oppiminen"
    )


def test_a_label_without_finnish_is_refused_and_nothing_is_lost(ict: Client) -> None:
    term = Term.objects.get(vocabulary="need", key="language_skills")
    answer = ict.post(f"/admin/services/term/{term.pk}/change/", {"label_sv": "Språk", "position": "4"})
    assert answer.status_code == 200
    assert "Suomenkielinen teksti puuttuu" in answer.content.decode()
    assert "Språk" in answer.content.decode()
    term.refresh_from_db()
    assert term.label["fi"] == "Kielitaito"


def test_a_new_wording_is_added_with_its_day_and_the_old_one_stays(ict: Client) -> None:
    option = StatutoryOption.objects.get(kind="statement", key="given")
    old = option.wordings.get()
    form = {
        "kind": "statement",
        "key": "given",
        "position": "0",
        "wordings-TOTAL_FORMS": "2",
        "wordings-INITIAL_FORMS": "1",
        "wordings-0-id": str(old.pk),
        "wordings-0-option": str(option.pk),
        "wordings-0-valid_from": "2025-01-01",
        "wordings-0-label_fi": old.label["fi"],
        "wordings-1-option": str(option.pk),
        "wordings-1-valid_from": "2027-01-01",
        "wordings-1-label_fi": "Lausunto annetaan aina",
    }
    form |= {f"wordings-0-label_{code}": old.label[code] for code in ("sv", "en")}
    form |= {f"wordings-0-text_{code}": old.text[code] for code in ("fi", "sv", "en")}
    answer = ict.post(f"/admin/services/statutoryoption/{option.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()
    assert [w.valid_from.year for w in option.wordings.all()] == [2025, 2027]
    old.refresh_from_db()
    assert old.text["sv"].startswith("Ge ett")


def test_a_term_is_saved_as_a_browser_sends_it(ict: Client) -> None:
    term = Term.objects.get(vocabulary="need", key="language_skills")
    page = f"/admin/services/term/{term.pk}/change/"
    sent = as_a_browser_sends(ict.get(page).content, of="term_form") | {"label_fi": ["Kielen oppiminen"]}
    assert ict.post(page, sent).status_code == 302
    term.refresh_from_db()
    assert term.label["fi"] == "Kielen oppiminen"
    entry = LogEntry.objects.get(event="vocabulary_changed")
    assert entry.detail == {"what": "services.term", "key": "language_skills"}
    assert [row.label["fi"] for row in term.history.all()][-1] == "Kielitaito"


def wordings_page(option: StatutoryOption) -> str:
    return f"/admin/services/statutoryoption/{option.pk}/change/"


def test_a_wording_in_force_stays_as_it_is_whatever_is_sent(ict: Client) -> None:
    option = StatutoryOption.objects.get(kind="statement", key="given")
    page = wordings_page(option)
    sent = as_a_browser_sends(ict.get(page).content, of="statutoryoption_form")
    before = option.wordings.get()
    forged = {
        "wordings-TOTAL_FORMS": ["2"],
        "wordings-0-valid_from": ["2025-01-01"],
        "wordings-0-label_fi": ["Toinen sana"],
        "wordings-0-text_fi": ["Toinen teksti"],
        "wordings-0-DELETE": ["on"],
        "wordings-1-id": [""],
        "wordings-1-option": [str(option.pk)],
        "wordings-1-valid_from": ["2027-01-01"],
        "wordings-1-label_fi": ["Lausunto annetaan aina"],
    }
    assert ict.post(page, sent | forged).status_code == 302
    assert option.wordings.get(valid_from=before.valid_from).label == before.label
    assert option.wordings.get(valid_from=before.valid_from).text == before.text
    assert option.wordings.get(valid_from="2027-01-01").label == {"fi": "Lausunto annetaan aina"}
    assert LogEntry.objects.filter(event="vocabulary_changed", detail__key="given").exists()


def test_a_wording_to_come_can_still_be_mended_and_its_history_is_kept(ict: Client) -> None:
    option = StatutoryOption.objects.get(kind="statement", key="given")
    coming = StatutoryWording.objects.create(option=option, valid_from="2027-01-01", label={"fi": "Virhe"})
    page = wordings_page(option)
    sent = as_a_browser_sends(ict.get(page).content, of="statutoryoption_form")
    (number,) = [
        name.removesuffix("-id") for name, value in sent.items()
        if name.endswith("-id") and value == [str(coming.pk)]
    ]  # fmt: skip
    assert ict.post(page, sent | {f"{number}-label_fi": ["Oikein"]}).status_code == 302
    coming.refresh_from_db()
    assert coming.label == {"fi": "Oikein"}
    assert [row.label["fi"] for row in coming.history.all()] == ["Oikein", "Virhe"]


def test_a_wording_does_not_begin_in_the_past(ict: Client) -> None:
    option = StatutoryOption.objects.get(kind="statement", key="given")
    page = wordings_page(option)
    sent = as_a_browser_sends(ict.get(page).content, of="statutoryoption_form") | {
        "wordings-TOTAL_FORMS": ["2"],
        "wordings-1-option": [str(option.pk)],
        "wordings-1-valid_from": ["2026-11-22"],
        "wordings-1-label_fi": ["Takautuva"],
    }
    answer = ict.post(page, sent)
    assert answer.status_code == 200
    assert "Uusi sanamuoto voi alkaa aikaisintaan tänään" in answer.content.decode()
    assert option.wordings.count() == 1
