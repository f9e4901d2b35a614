"""Lists as files."""

import csv
import datetime
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from orgs.tables import FILES, as_csv, as_xlsx
from tests import factories
from tests.clients import Client

HEADS = ["Nimi", "Päivä", "Määrä"]
DAY = datetime.date(2026, 11, 23)
printable = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_file_opens_in_a_finnish_spreadsheet() -> None:
    content = as_csv(HEADS, [["Äly; Oy", DAY, 3]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [HEADS, ["Äly; Oy", "2026-11-23", "3"]]


@pytest.mark.parametrize("text", ["=1+1", "+358 9 000", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    (_heads, line) = read_csv(as_csv(HEADS, [[text, None, None]]))
    assert line[0] == f"'{text}"


@given(printable)
def test_no_text_at_all_begins_as_a_formula(text: str) -> None:
    (_heads, line) = read_csv(as_csv(HEADS, [[text, None, None]]))
    assert not line[0].startswith(("=", "+", "-", "@"))
    assert line[0].removeprefix("'") == text or line[0] == text


def test_an_xlsx_file_keeps_dates_and_numbers_and_takes_no_text_for_a_formula() -> None:
    moment = datetime.datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001  sheets know no time zones
    content = as_xlsx(HEADS, [["=1+1", DAY, 3], ["https://x.example", moment, None]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == HEADS
    assert (rows[1][0].value, rows[1][0].data_type) == ("=1+1", "s")
    assert (rows[1][1].value.date(), rows[1][2].value) == (DAY, 3)
    assert (rows[2][0].hyperlink, rows[2][1].value) == (None, moment)


@pytest.mark.parametrize("text", ["00100", "1/3", "12/2026", "2026/1", "1.2.2026", "3-4"])
def test_a_text_that_looks_like_a_number_or_a_date_stays_a_text(text: str) -> None:
    (_heads, line) = read_csv(as_csv(HEADS, [[text, None, None]]))
    assert line[0] == f"'{text}"
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(HEADS, [[text, None, None]]))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")


@pytest.mark.parametrize("text", ["Espoo", "20 %", "1 000", "12", "L-77", "2026"])
def test_other_texts_are_as_they_are(text: str) -> None:
    (_heads, line) = read_csv(as_csv(HEADS, [[text, None, None]]))
    assert line[0] == text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_list_has_a_file_name_in_every_language(language: str) -> None:
    asked = {
        name
        for room in ("orgs", "services", "workflow", "sanctions")
        for path in Path(room).rglob("*.py")
        for name in re.findall(r'tables\.exported\(\s*request, "([a-z-]+)"', path.read_text("utf-8"))
    }
    assert asked == set(FILES)
    with override(language):
        names = [slugify(str(name)) for name in FILES.values()]
    assert all(re.fullmatch(r"[a-z-]+", name) for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_the_file_of_a_list_is_called_in_the_readers_language(client: Client) -> None:
    client.force_login(factories.member("project", "project_manager"))
    for language, expected in (("fi", "tapaukset"), ("sv", "arenden"), ("en", "cases")):
        with override(language):
            answer = client.get(reverse("office:cases"), {"format": "csv"})
        assert f'filename="{expected}-2026-11-23.csv"' in answer.headers["Content-Disposition"]
