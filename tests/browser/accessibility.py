"""What axe finds on a page in the browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page, *more: str) -> list[str]:
    """Return what axe finds by the rules of WCAG 2.2 AA, and by more of its sets, once the page has come.

    A click is over when the next page begins to come: looked at then, it may not even have a root yet.
    """
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": [*_RULES, *more]}).response["violations"]
    return [f"{page.url} {v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def no_complaints(page: Page) -> None:
    """Refuse a page that axe complains about."""
    assert violations(page) == []
