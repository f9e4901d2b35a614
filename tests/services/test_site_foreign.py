"""A text in another language than the page says so wherever it stands, to eyes and to screen readers."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from services.exchange.importing import import_file
from services.models import Place
from tests import factories
from tests.clients import Client
from tests.services.site_pages import html, words
from tests.services.test_site_service import PLACE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


@pytest.mark.parametrize("name", ["site:services", "site:front"])
def test_lists_on_a_swedish_page_mark_what_is_in_finnish(client: Client, name: str) -> None:
    factories.published()
    with override("sv"):
        page = html(client, reverse(name))
    assert 'lang="fi"' in page[page.index("<main") :]
    assert "(på finska)" in words(page[page.index("<main") :])
    with override("fi"):
        assert "suomeksi)" not in words(html(client, reverse(name)))


def test_the_directions_of_a_place_are_marked(client: Client) -> None:
    import_file(factories.exchange_file() | {"places": [PLACE]})
    place = Place.objects.get(external_id=PLACE["id"])
    place.info = {"fi": "Raitiovaunu 9"}
    place.save()
    content = factories.document()
    content["public"]["schedules"][0]["place"] = place.external_id
    factories.published(content=content)
    with override("sv"):
        page = html(client, reverse("site:service", args=["kielikahvila"]))
    assert '<span lang="fi">Raitiovaunu 9</span>' in page
    assert "Raitiovaunu 9 (på finska)" in words(page)
