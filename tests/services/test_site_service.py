"""A service's own page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from services import fields, publishing
from services.exchange.importing import import_file
from services.fields import Audience
from services.models import Service
from services.site.service import SHOWN_TEXTS
from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, elements, html, tight, words

Queries = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.usefixtures("vocabulary")


def shown(client: Client, language: str = "en", **public: Any) -> str:
    import_file(factories.exchange_file() | {"places": [PLACE]})
    factories.published(content=factories.document(**public))
    return html(client, address("service", "kielikahvila", language=language))


def schedule(kind: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"place": None, "dates": [], "hours": {}, "place_text": {}, "time_text": {}}
    return {"kind": kind} | empty | more


def date(starts: str, **more: Any) -> dict[str, Any]:
    return {"starts": starts, "ends": None, "apply_by": None, "from": None, "to": None} | more


def contact(name: str, **more: Any) -> dict[str, Any]:
    common: dict[str, Any] = {
        "kind": "person",
        "title": {},
        "email": "",
        "phone": "",
        "info": {},
        "municipality": None,
    }
    return {"name": name} | common | more


PLACE = {
    "id": "opistotalo",
    "name": {"fi": "Opistotalo"},
    "street": {"fi": "Opistokuja 4", "sv": "Institutsgränd 4"},
    "postal_code": "02100",
    "city": {"fi": "Espoo", "sv": "Esbo"},
    "municipality": "049",
    "accessibility": ["lift"],
    "info": {"fi": "Käynti pihalta."},
}


def test_every_public_text_has_its_place_on_the_page() -> None:
    assert {field.name for field in fields.texts_of(Audience.PUBLIC)} == SHOWN_TEXTS


def test_every_public_text_is_shown(client: Client) -> None:
    values = {
        field.name: f"TEXT-{field.name}" if field.kind is fields.Kind.LINE else f"<p>TEXT-{field.name}</p>"
        for field in fields.texts_of(Audience.PUBLIC)
    }
    page = shown(client, texts={"fi": values}, paid=True, price="25.00", client_consent=True)
    for name in values:
        assert f"TEXT-{name}" in page
    assert "25 €" in page


def test_the_next_date_and_its_deadline_come_first(client: Client) -> None:
    page = shown(
        client,
        schedules=[schedule("period", dates=[date("2027-01-11", ends="2027-03-19", apply_by="2026-12-18")])],
    )
    aside = words(page[page.index("<aside") : page.index("</aside>")])
    assert "Mon 11 Jan" in aside
    assert "Apply by 18 December 2026" in aside
    assert "There are 25 days left." in aside
    assert page.index("<aside") < page.index("In brief")


def test_a_deadline_that_passed_is_not_offered(client: Client) -> None:
    page = words(
        shown(
            client,
            schedules=[
                schedule("period", dates=[date("2027-01-11", ends="2027-02-05", apply_by="2026-11-20")])
            ],
        )
    )
    assert "The time to apply is over." in page


def test_all_five_kinds_of_schedules_stand_in_the_table(client: Client) -> None:
    page = words(
        shown(
            client,
            schedules=[
                schedule("by_agreement", place_text={"fi": "Sovitussa paikassa"}),
                schedule("continuous", hours={"tue": [["13:00", "15:00"]]}, place="opistotalo"),
                schedule(
                    "period",
                    dates=[date("2027-01-11", ends="2027-03-19")],
                    hours={"mon": [["09:00", "13:30"]]},
                ),
                schedule("periods", dates=[date("2027-04-05", ends="2027-06-11")]),
                schedule("dates", dates=[date("2026-12-09", **{"from": "13:00", "to": "15:00"})]),
            ],
        )
    )
    for text in (
        *("By agreement", "Sovitussa paikassa", "Continuously Tue 13–15", "Opistotalo", "Opistokuja 4"),
        *("02100 Espoo", "Käynti pihalta.", "11 January – 19 March 2027 Mon 9–13:30"),
        *("5 April – 11 June 2027", "Wed 9 December 2026 13–15"),
    ):
        assert text in page, text


def test_how_to_get_to_a_place_is_told_once(client: Client) -> None:
    days = [schedule("dates", dates=[date(day)], place="opistotalo") for day in ("2026-12-09", "2026-12-10")]
    page = words(shown(client, schedules=days))
    assert page.count("Opistokuja 4") == 2
    assert page.count("Käynti pihalta.") == 1


def test_past_times_are_folded_and_marked(client: Client) -> None:
    page = tight(shown(client, schedules=[schedule("dates", dates=[date("2026-10-09"), date("2026-12-09")])]))
    folded = page[page.index("<summary>Times that have ended (1)") :]
    assert "Fri 9 October 2026" in folded
    assert ">ended<" in folded
    assert folded.count("<tbody") == 1
    assert "9 October" not in page[: page.index("<summary>Times that have ended (1)")]


def test_contacts_without_a_municipality_come_first_and_the_others_are_folded(client: Client) -> None:
    page = shown(
        client,
        contacts=[
            contact("Linnea Exempel", municipality="049", phone="09 000 0001"),
            contact("Onni Malli", phone="09 000 0000", email="onni@kielisilta.example"),
        ],
    )
    assert 'href="tel:090000000"' in page
    assert 'href="mailto:onni@kielisilta.example"' in page
    fold = page.index("Other contacts (1)")
    assert page.index("Onni Malli") < fold < page.index("Linnea Exempel")


def test_what_is_asked_of_the_customer_differs_from_what_is_offered(client: Client) -> None:
    page = shown(client, accessibility=["step_free", "needs_network"])
    assert "lucide-check" not in page or "moss" in page
    assert 'class="i moss"' in page
    assert 'class="i cloud"' in page


def test_links_name_where_they_lead_and_attachments_their_kind_and_size(client: Client) -> None:
    attachment = {
        "id": "6f1f3e0a-9b0c-4d0e-8a63-1b7f6d1f0c11",
        "title": {"fi": "Esite"},
        "filename": "esite.pdf",
        "content_type": "application/pdf",
        "size": 184_320,
        "sha256": "0" * 64,
    }
    page = words(
        shown(
            client,
            links=[{"url": "https://kielisilta.example/testi", "title": {"fi": "Testaa taitosi"}}],
            attachments=[attachment],
        )
    )
    assert "Testaa taitosi (opens kielisilta.example)" in page
    assert "Esite (pdf, 184 kB)" in page


def test_a_page_in_finnish_only_says_so_once_and_names_the_language_of_its_texts(client: Client) -> None:
    page = shown(client)
    assert page.count("This text is only in Finnish.") == 1
    assert '<h1 lang="fi">' in page
    rich = [e for e in elements(page, "div") if "rich" in str(e.attributes.get("class"))]
    assert rich
    assert {element.attributes.get("lang") for element in rich} == {"fi"}


def test_a_page_partly_translated_says_so_at_each_text_that_is_not(client: Client) -> None:
    finnish = factories.texts()["fi"]
    swedish = {
        name: f"SV {text}" if "<" not in text else f"<p>SV {name}</p>" for name, text in finnish.items()
    }
    page = shown(
        client, "sv", texts={"fi": finnish | {"benefits": "<p>Saat todistuksen.</p>"}, "sv": swedish}
    )
    assert page.count('class="hint foreign"') == 1
    assert '<div class="rich stack" lang="fi"><p>Saat todistuksen.</p>' in page
    assert "<h1>SV Kielikahvila</h1>" in page


def test_a_finnish_page_of_a_finnish_service_has_no_notice(client: Client) -> None:
    page = shown(client, "fi")
    assert "foreign" not in page
    assert "<h1>Kielikahvila</h1>" in page


def test_steps_are_drawn_as_a_course(client: Client) -> None:
    assert '<ol class="course steps">' in shown(client)


def test_the_level_of_language_is_explained(client: Client) -> None:
    page = words(shown(client))
    assert "What does the language level mean?" in page


def test_related_services_keep_their_order_and_tell_when_they_come(client: Client) -> None:
    factories.published("toinen", factories.document(texts=factories.texts(name="Toinen palvelu")))
    factories.published("kolmas", factories.document(texts=factories.texts(name="Kolmas palvelu")))
    page = words(shown(client, related=["kolmas", "toinen"]))
    assert page.index("Kolmas palvelu") < page.index("Toinen palvelu")
    assert "Every Tuesday" in page[page.index("Kolmas palvelu") :]


def test_a_service_that_is_not_published_is_not_found(client: Client) -> None:
    factories.service("luonnos")
    assert "The page was not found" in html(client, address("service", "luonnos"), 404)


def test_a_service_taken_off_the_pages_is_not_found_any_more(client: Client) -> None:
    shown(client)
    publishing.unpublish(Service.objects.get())
    html(client, address("service", "kielikahvila"), 404)


def test_a_service_page_asks_at_most_twice(client: Client, django_assert_num_queries: Queries) -> None:
    for number in range(4):
        factories.published(f"palvelu-{number}")
    shown(client, related=[f"palvelu-{number}" for number in range(4)])
    with django_assert_num_queries(2):
        html(client, address("service", "kielikahvila"))
    with django_assert_num_queries(1):
        html(client, address("service", "palvelu-0"))
