"""Public pages are light, and stay where they are while they load."""

from collections.abc import Callable

import brotli
import pytest
from playwright.sync_api import Page, Response

from tests.services.site_pages import LANGUAGES, address, public_addresses
from tests.thoroughness import THOROUGH

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

MOST = 60_000  # bytes of a page with its styles, scripts and icons, compressed as they are served
# What moved by itself, as browsers count it (layout instability), once everything is there.
SHIFT = """
() => new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { shift += one.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shift), 50)));
})
"""


# A page weighs much the same in each language: each width once is enough for most days.
VIEWS = [(language, width) for width in (390, 1280) for language in LANGUAGES]


@pytest.mark.parametrize(("language", "width"), VIEWS if THOROUGH else [("sv", 390), ("fi", 1280)])
def test_no_public_page_is_heavy_or_moves_while_it_loads(
    new_page: Callable[..., Page], language: str, width: int
) -> None:
    paths = public_addresses(language, "kielikahvila-tyonhakijoille", "espoo", "espoo")
    paths.append(address("services", language=language, query="?q=kurssi&need=job_search"))
    for path in paths:
        page = new_page(viewport={"width": width, "height": 900})  # a browser that has nothing yet
        weight, moved = loaded(page, path)
        assert weight < MOST, f"{path}: {weight} bytes"
        assert moved == 0, f"{path} moves by {moved}"
        page.context.close()


def loaded(page: Page, path: str) -> tuple[int, float]:
    """Load a page; return the bytes of all that came, compressed, and how much moved."""
    got: list[Response] = []

    def hear(response: Response) -> None:
        got.append(response)

    page.on("response", hear)
    page.goto(path, wait_until="networkidle")
    moved = float(page.evaluate(SHIFT))
    return sum(len(brotli.compress(one.body(), quality=5)) for one in got), moved
