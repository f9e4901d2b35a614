"""A service on paper: one sheet, two at most, with its address and the day."""

import io

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("slug", ["suomen-kielen-tyoelamakurssi", "tyokokeilu-espoo"])
def test_a_service_takes_two_sheets_at_most_and_says_whence_and_when(page: Page, slug: str) -> None:
    address = reverse("site:service", args=[slug])
    page.goto(address)
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) <= 2
    last = sheets[-1].extract_text()
    assert slug in last
    assert "tulostettu" in last
