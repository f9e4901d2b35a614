"""Links between pages of results: the first, the last, and two on each side of here."""

from dataclasses import dataclass

import pytest

from services.site.paging import page_links


@dataclass
class Found:
    page: int
    pages: int


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 2, "[1] 2"),
        (1, 9, "[1] 2 3 … 9"),
        (5, 9, "1 2 3 4 [5] 6 7 8 9"),  # no gap for a single page
        (6, 12, "1 … 4 5 [6] 7 8 … 12"),
        (9, 9, "1 … 7 8 [9]"),
        (3, 40, "1 2 [3] 4 5 … 40"),
    ],
)
def test_which_pages_have_a_link(page: int, pages: int, shown: str) -> None:
    found = page_links(Found(page, pages), lambda number: f"?page={number}")
    assert found is not None
    words = [f"[{one.number}]" if one.current else str(one.number or "…") for one in found.links]
    assert " ".join(words) == shown
    assert all(one.url == f"?page={one.number}" for one in found.links if one.number)
    assert (found.previous, found.next) == (
        f"?page={page - 1}" if page > 1 else "",
        f"?page={page + 1}" if page < pages else "",
    )


def test_one_page_has_no_links() -> None:
    assert page_links(Found(1, 1), str) is None
