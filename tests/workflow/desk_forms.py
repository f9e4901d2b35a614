"""Opening a section of the form as a browser does, changing something, and sending it."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from services.models import Service
from tests import factories
from tests.browser_forms import as_a_browser_sends
from tests.clients import Client

Data = dict[str, Any]
ITEM = "5f0f2c8e-0000-4000-8000-00000000000{}"


def full() -> dict[str, Any]:
    """Return a document with every kind of value in it, also in a language that no page has."""
    texts = factories.texts(price_text="<p>Hinta sisältää kahvin.</p>", duration="10 viikkoa")
    texts["sv"] = {"name": "Språkkafé", "summary": "Du pratar finska."}
    contact = {
        "id": ITEM.format(3), "kind": "person", "name": "Onni Malli", "email": "onni@kielisilta.example",
        "phone": "09 123", "municipality": "049", "title": {"fi": "Ohjaaja", "et": "Juhendaja"}, "info": {},
    }  # fmt: skip
    dated = {
        "id": ITEM.format(4), "kind": "period", "place": None, "hours": {"mon": [["09:00", "12:00"]]},
        "dates": [{
            "id": ITEM.format(5), "starts": "2027-01-11", "ends": "2027-03-19", "from": "09:00",
            "to": "15:00", "apply_by": "2026-12-18",
        }],
        "place_text": {"fi": "Toisessa kerroksessa"}, "time_text": {},
    }  # fmt: skip
    link = {"id": ITEM.format(6), "url": "https://kielisilta.example/", "title": {"fi": "Sivut"}}
    document = factories.document(
        texts=texts, contacts=[contact], links=[link], paid=True, price="25.00", all_ages=False, age_min=18
    )
    document["public"]["schedules"].append(dated)
    document["internal"] |= {"contract_starts": "2026-01-01", "contract_number": "D-12", "buyers": ["espoo"]}
    document["internal"]["municipal"] = {"049": {"fi": {"guidance": "<p>Espoossa näin.</p>"}}}
    return document


def address(service: Service, section: str, language: str = "fi") -> str:
    return reverse("desk:edit", args=[service.external_id, section]) + f"?lang={language}"


def posted(page: Any) -> Data:
    return as_a_browser_sends(page.content, of="muokkaus")


def given(values: Data) -> Callable[[Data], None]:
    """Return the change that writes these values into their boxes."""
    return lambda data: data.update(values)


def save(client: Client, url: str, change: Callable[[Data], None] = lambda data: None) -> Any:
    """Open a section, change what its form would send, and send it."""
    page = client.get(url)
    assert page.status_code == 200
    data = posted(page)
    change(data)
    return client.post(url, data)
