"""The public pages in a browser: axe, narrow screens, the keyboard, and no script at all."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.services.site_pages import NAMES, address
from tests.thoroughness import THOROUGH

# `django_db` makes the test database that the served one is copied from, also when run alone.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Narrow and light, wide and dark; in a thorough run both widths in both themes.
VIEWS = [(320, "light"), (1280, "dark")] + [(320, "dark"), (1280, "light")] * THOROUGH
FILTERS_IN_USE = "#tulokset .chip.on:not([aria-current])"
_MOST_TABS = 30


def first_service(page: Page, language: str = "fi") -> str:
    page.goto(address("services", language=language))
    return str(page.locator(".hits h3 a").first.get_attribute("href"))


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def look(page: Page, path: str) -> list[str]:
    """Look at a page on a narrow and a wide screen, in both themes; return what is wrong."""
    page.goto(path)
    wrong = []
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        if more := sideways(page):
            wrong.append(f"{path} at {width}: {more} px sideways")
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [f"{path} at {width} {scheme}: {found}" for found in violations(page, "best-practice")]
    return wrong


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_accessible(page: Page, name: str) -> None:
    assert look(page, address(name, language="fi")) == []


@pytest.mark.parametrize("language", ["fi", "en"])
def test_service_pages_are_accessible(page: Page, language: str) -> None:
    assert look(page, first_service(page, language)) == []


@pytest.mark.parametrize("name", ["organisation", "municipality"])
def test_pages_of_organisations_and_municipalities_are_accessible(page: Page, name: str) -> None:
    assert look(page, address(name, "espoo", language="sv")) == []


@pytest.mark.parametrize("path", ["/fi/account/login/", "/fi/account/password/reset/"])
def test_signing_in_is_accessible(page: Page, path: str) -> None:
    assert look(page, path) == []


def test_a_list_with_everything_unusual_is_accessible(page: Page) -> None:
    unusual = "?q=zxcvb&municipality=049&price=paid&need=nothing"
    assert look(page, address("services", language="fi", query=unusual)) == []


def test_a_missing_page_is_accessible(browser: Any, manual_server: str) -> None:
    page = browser.new_page(base_url=manual_server, reduced_motion="reduce")
    assert look(page, "/fi/nowhere/") == []
    page.close()


def test_open_menus_are_accessible_on_a_narrow_screen(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(address("services", language="fi"))
    for opener, panel in (("valikko", "#valikko"), ("rajaus", "#rajaus")):
        page.locator(f"button[popovertarget={opener}]:not([popovertargetaction])").click()
        expect(page.locator(panel)).to_be_visible()
        assert violations(page, "best-practice") == []
        assert sideways(page) == 0
        page.keyboard.press("Escape")
        expect(page.locator(panel)).to_be_hidden()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until `selector` has the focus."""
    for _step in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached with the keyboard")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto(address("front", language="fi"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    tab_to(page, "#q")
    page.keyboard.type("suomi")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=suomi"))

    tab_to(page, "label:not(.none) > input[name=municipality]")
    box = page.evaluate("document.activeElement.id")
    with page.expect_response(re.compile(r"municipality=")):
        page.keyboard.press("Space")
    expect(page.locator(FILTERS_IN_USE)).to_have_count(2)
    expect(page.locator(f"#{box}")).to_be_focused()
    assert "municipality=" in page.url

    # A reader who is done with the filters goes past them from the top of the page.
    page.reload()
    tab_to(page, "aside .skip")
    page.keyboard.press("Enter")
    tab_to(page, ".hits h3 a")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)

    tab_to(page, ".langs a[lang=sv]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sv/"))
    assert page.locator("html").get_attribute("lang") == "sv"


def test_a_filter_applies_at_once_and_back_takes_it_away(page: Page) -> None:
    page.goto(address("services", language="fi"))
    total = page.locator("#h-tulos").inner_text()
    box = page.locator("input[name=how]").first
    with page.expect_response(re.compile(r"how=")):
        box.check()
    expect(page.locator(FILTERS_IN_USE)).to_have_count(1)
    assert page.locator(".langs a[lang=sv]").get_attribute("href") == (
        address("services", language="sv", query=f"?how={box.get_attribute('value')}")
    )
    page.go_back()
    expect(page.locator("#h-tulos")).to_have_text(total)
    expect(page.locator("input[name=how]:checked")).to_have_count(0)


def test_show_results_takes_the_filters_away_on_a_narrow_screen(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto(address("services", language="fi"))
    page.locator("button[popovertarget=rajaus]:not([popovertargetaction])").click()
    page.locator("input[name=how]").first.check()
    expect(page.locator("#rajauksia")).to_have_text("(1)")
    expect(page.locator("#rajaus")).to_be_visible()
    with page.expect_response(re.compile(r"how=")):
        page.locator("#rajaus button[form=haku]").click()
    expect(page.locator("#rajaus")).to_be_hidden()


def test_everything_works_without_scripts(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page.goto(address("front", language="fi"))
    page.locator("#q").fill("suomi")
    page.locator("form[role=search] button").click()
    page.locator("input[name=how]").first.check()
    page.locator("#rajaus button[form=haku]").click()
    assert "how=" in page.url
    assert "q=suomi" in page.url
    page.locator(FILTERS_IN_USE).first.click()
    assert "how=" not in page.url
    page.locator("select[name=sort]").select_option("name")
    page.locator("button.small[form=haku]").click()
    assert "sort=name" in page.url
    page.locator(".hits h3 a").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("button[data-action=print]")).to_be_hidden()


def test_printing_is_one_press_where_scripts_run(page: Page) -> None:
    page.goto(first_service(page))
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.locator("button[data-action=print]").click()
    assert page.title() == "printed"


def test_suggestions_are_chosen_with_the_keyboard_and_told_to_screen_readers(page: Page) -> None:
    page.goto(address("front", language="fi"))
    box = page.get_by_role("combobox", name="Mitä etsit?")
    box.press_sequentially("kieli")
    options = page.locator(".suggestions a")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".combo [role=status]")).to_contain_text(f"Ehdotuksia: {options.count()}.")
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == 0
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        box.press("ArrowDown")
        assert violations(page, "best-practice") == []
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("kieli")
    box.press_sequentially("k")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    first = options.first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    wanted = str(first.get_attribute("href"))
    box.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_enter_without_a_choice_searches_for_what_was_typed(page: Page) -> None:
    page.goto(address("front", language="fi"))
    box = page.get_by_role("combobox", name="Mitä etsit?")
    box.press_sequentially("kielikah")
    expect(page.locator(".suggestions a").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**q=kielikah**")


def test_a_search_and_what_is_opened_of_it_are_told_once(page: Page) -> None:
    told: list[str] = []
    page.on(
        "request", lambda request: told.append(request.post_data or "") if "/haettu/" in request.url else None
    )
    page.goto(address("services", language="fi", query="?q=kielikahvila"))
    page.get_by_label("Kenelle").select_option("job_seeker")
    page.wait_for_url("**audience=job_seeker**")
    expect(page.locator(".hits h3 a").first).to_be_visible()
    page.locator(".hits h3 a").first.click()
    page.wait_for_url("**/palvelut/*/")
    page.go_back()
    expect(page.locator(".hits h3 a").first).to_be_visible()
    assert told == ["q=kielikahvila&found=1", "q=kielikahvila&found=1&click=1"]
