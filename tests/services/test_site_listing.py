"""The service list."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests import factories
from tests.clients import Client
from tests.services.site_pages import address, elements, html, tight, words

Queries = Callable[[int], AbstractContextManager[object]]

pytestmark = pytest.mark.usefixtures("vocabulary")


def listed(client: Client, query: str = "") -> str:
    return html(client, address("services", query=query))


def in_finnish(client: Client, query: str) -> str:
    return html(client, address("services", language="fi", query=query))


def links(page: str) -> list[str]:
    return [str(element.attributes["href"]) for element in elements(page, "a")]


def checked(page: str) -> set[tuple[str | None, str | None]]:
    return {
        (e.attributes["name"], e.attributes["value"])
        for e in elements(page, "input")
        if "checked" in e.attributes
    }


def test_filters_of_the_address_are_ticked_and_each_can_be_taken_away(client: Client) -> None:
    factories.published()
    page = listed(client, "?need=language_skills&municipality=049&how=group")
    assert checked(page) == {("need", "language_skills"), ("municipality", "049"), ("how", "group")}
    assert address("services", query="?municipality=049&amp;how=group").replace("&amp;", "&") in links(page)
    assert address("services") in links(page)


def test_every_filter_has_its_controls_in_the_one_form(client: Client) -> None:
    factories.published()
    page = listed(client)
    boxes = [e for e in elements(page, "input") if e.attributes.get("type") == "checkbox"]
    assert {box.attributes["name"] for box in boxes} == {
        *("municipality", "how", "life_situation", "need", "category", "language"),
        *("price", "age", "accessibility", "organisation"),
    }
    assert {box.attributes["form"] for box in boxes} == {"haku"}
    selects = {e.attributes["name"] for e in elements(page, "select")}
    assert selects == {"audience", "sort"}


def test_a_chosen_filter_is_never_folded_away(client: Client) -> None:
    factories.published()
    page = listed(client, "?municipality=927")
    fold = page.index("<details><summary>Show all</summary>")
    assert page.index('id="municipality-927"') < fold


def test_values_that_mean_nothing_are_left_out_with_a_notice(client: Client) -> None:
    factories.published()
    page = words(listed(client, "?municipality=999&sort=loudest&page=x&need=language_skills"))
    assert "Part of the address was left out." in page
    assert "Home municipality ”999”" in page
    assert "Order ”loudest”" in page
    assert "1 service" in page


def test_what_is_typed_comes_back_escaped(client: Client) -> None:
    factories.published()
    page = listed(client, "?q=%3Cscript%3Ealert(1)%3C/script%3E&need=%3Cb%3E")
    assert "<script>alert" not in page
    assert "<b>”" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_found_words_are_marked(client: Client) -> None:
    factories.published()
    assert "<mark>Kielikahvila</mark>" in html(
        client, address("services", language="fi", query="?q=kielikahvila")
    )


def test_a_hit_tells_when_where_in_what_language_and_for_how_much(client: Client) -> None:
    factories.published()
    page = words(listed(client))
    for fact in ("Every Tuesday", "Kielisilta ry", "Tue 13–15", "Espoo", "Free of charge", "Finnish"):
        assert fact in page


def test_texts_in_another_language_say_so_to_screen_readers(client: Client) -> None:
    factories.published()
    assert ' lang="fi">Kielikahvila</a>' in listed(client)
    assert ' lang="fi">Kielikahvila</a>' not in html(client, address("services", language="fi"))


def test_nothing_found_tells_which_filter_is_in_the_way(client: Client) -> None:
    factories.published()
    page = listed(client, "?municipality=049&price=paid")
    assert "Nothing was found this way" in page
    assert address("services", query="?municipality=049") in links(page)
    # Without the municipality nothing would be found either, so it is not offered.
    chip = page[page.index("You get results") : page.index("Show all services")]
    assert "?price=paid" not in chip


def test_pages_of_results_lead_to_each_other(client: Client) -> None:
    for number in range(21):
        factories.published(f"palvelu-{number:02}")
    first = listed(client)
    assert tight(first).count('<h3><a href="/en/services/palvelu-') == 20
    assert address("services", query="?page=2") in links(first)
    second = listed(client, "?page=2")
    assert tight(second).count('<h3><a href="/en/services/palvelu-') == 1
    assert 'aria-current="page"><span class="vh">Page</span>2' in tight(second)
    assert "<title>Services, page 2 – Palvelumanuaali</title>" in second


def test_htmx_gets_only_what_changes(client: Client) -> None:
    factories.published()
    answer = client.get(
        address("services", query="?q=&audience=&sort=&need=language_skills"), headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="n-need-language_skills" hx-swap-oob="true"' in tight(page)
    assert '<div id="tulosten-maara" hx-swap-oob="innerHTML">' in page
    assert answer.headers["HX-Push-Url"] == address("services", query="?need=language_skills")
    assert "HX-Request" in answer.headers["Vary"]


def test_htmx_may_not_evaluate_code(client: Client) -> None:
    config = next(e for e in elements(listed(client), "meta") if e.attributes.get("name") == "htmx-config")
    assert '"allowEval": false' in str(config.attributes["content"])
    assert '"includeIndicatorStyles": false' in str(config.attributes["content"])


def test_the_canonical_address_has_one_order_and_no_empty_parts(client: Client) -> None:
    page = listed(client, "?need=language_skills&q=&municipality=049&sort=relevance")
    canonical = next(e for e in elements(page, "link") if e.attributes.get("rel") == "canonical")
    assert str(canonical.attributes["href"]).endswith("/en/services/?municipality=049&need=language_skills")


def test_the_list_asks_as_much_of_the_database_with_more_services(
    client: Client, django_assert_num_queries: Queries
) -> None:
    factories.published()
    path = address("services", query="?municipality=049&q=suomea")
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)
    for number in range(25):
        factories.published(f"palvelu-{number}")
    client.get(path)  # the process follows what was published
    with django_assert_num_queries(2):
        client.get(path)


def test_nothing_found_asks_a_bounded_number_of_times(
    client: Client, django_assert_max_num_queries: Queries
) -> None:
    factories.published()
    with django_assert_max_num_queries(2 + 5 + 4):
        listed(
            client, "?q=zz&price=paid&" + "&".join(f"municipality=0{code}" for code in (18, 49, 78, 91, 92))
        )


def test_a_name_that_was_typed_is_offered_as_a_filter(client: Client) -> None:
    factories.published()
    page = in_finnish(client, "?q=kielikahvila espoossa")
    assert 'href="/fi/palvelut/?q=kielikahvila&amp;municipality=049"' in page


def test_a_word_that_nothing_has_is_looked_for_by_its_neighbours_and_the_reader_is_told(
    client: Client,
) -> None:
    factories.published()
    page = in_finnish(client, "?q=kielikahvlia")
    assert "Sanaa ”kielikahvlia” ei ole missään palvelussa." in page
    assert "Kielikahvila" in page


def test_a_rare_spelling_leads_to_the_common_one(client: Client) -> None:
    for number in range(5):
        factories.published(
            f"palvelu-{number}", content=factories.document(texts=factories.texts(name="Zumbala"))
        )
    factories.published("outo", content=factories.document(texts=factories.texts(name="Zumbela")))
    page = in_finnish(client, "?q=zumbela")
    assert 'Tarkoititko <a href="/fi/palvelut/?q=zumbala">' in page


def test_few_services_with_all_words_are_followed_by_those_with_some(client: Client) -> None:
    factories.published(
        "yksi", content=factories.document(texts=factories.texts(name="Raketti avaruuteen nopeasti"))
    )
    factories.published(
        "kaksi", content=factories.document(texts=factories.texts(name="Raketti avaruuteen hitaasti"))
    )
    assert "Kaikki hakemasi sanat ovat 1 palvelussa." in in_finnish(client, "?q=raketti avaruuteen nopeasti")


def test_where_nothing_is_found_the_nearest_services_and_whom_to_ask_are_shown(client: Client) -> None:
    factories.published("raketti", content=factories.document(texts=factories.texts(name="Rakettikurssi")))
    page = in_finnish(client, "?q=rakettikurssi&price=paid&municipality=049")
    assert "Nämä ovat lähimpänä" in page
    assert 'href="/fi/palvelut/raketti/?municipality=049"' in page
    assert "Kysy, mitä muuta on tarjolla: Espoon kaupunki." in page
    assert "Aihetta lähellä" in page


def test_a_word_that_nobody_knows_leads_to_the_municipalities(client: Client) -> None:
    factories.published()
    page = in_finnish(client, "?q=zxcvbqw")
    assert "Nämä ovat lähimpänä" not in page
    assert '<a href="/fi/kunnat/">Kysy oman kuntasi työllisyyspalveluista</a>' in page


def test_a_hit_shows_where_it_matched_if_its_name_and_summary_do_not(client: Client) -> None:
    texts = factories.texts(execution="<p>Opettelet hitsaamaan alumiinia.</p>")
    factories.published(content=factories.document(texts=texts))
    assert "Opettelet hitsaamaan <mark>alumiinia</mark>." in in_finnish(client, "?q=alumiini")
