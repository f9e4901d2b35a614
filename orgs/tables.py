"""Lists that can be taken along: the rows that a page shows, as CSV or XLSX."""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import pgettext_lazy

from orgs import clock, user_log

Row = TypeVar("Row")
Value = str | int | Decimal | datetime.date | datetime.datetime | None
FORMATS = ("csv", "xlsx")
# The user log is long; a file of it holds the newest rows up to this many.
MOST_ROWS = 20_000
# What a spreadsheet would take for a formula when it reads a CSV file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a spreadsheet would take for a number or a date, though it is a text: 00100, 1/3, 12/2026, 2026/1.
_TAKEN_FOR_A_NUMBER = re.compile(r"0\d+|\d+[/.-]\d+(?:[/.-]\d+)?")
# What the files are called, by what they hold.
FILES = {
    "cases": pgettext_lazy("name of a file", "cases"),
    "cost-shares": pgettext_lazy("name of a file", "cost shares"),
    "findings": pgettext_lazy("name of a file", "findings"),
    "handovers": pgettext_lazy("name of a file", "handovers"),
    "invitations": pgettext_lazy("name of a file", "invitations"),
    "ledger": pgettext_lazy("name of a file", "ledger"),
    "letters": pgettext_lazy("name of a file", "letters"),
    "meetings": pgettext_lazy("name of a file", "meetings"),
    "notices": pgettext_lazy("name of a file", "messages"),
    "organisations": pgettext_lazy("name of a file", "organisations"),
    "partners": pgettext_lazy("name of a file", "partners"),
    "people": pgettext_lazy("name of a file", "people"),
    "places": pgettext_lazy("name of a file", "places"),
    "providers": pgettext_lazy("name of a file", "providers"),
    "responsibilities": pgettext_lazy("name of a file", "responsibility"),
    "runs": pgettext_lazy("name of a file", "publications"),
    "searches": pgettext_lazy("name of a file", "searches"),
    "services": pgettext_lazy("name of a file", "services"),
    "user-log": pgettext_lazy("name of a file", "user log"),
}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its heading and what it shows of a row."""

    label: str | Promise
    value: Callable[[Row], Any]


def exported(
    request: HttpRequest, name: str, columns: Sequence[Column[Row]], rows: Iterable[Row], *, of: str = ""
) -> HttpResponse | None:
    """Return the list as the file that `?format=` asks for, None where it asks for none.

    `name` is what the list holds (a key of `FILES`), `of` whose or which of them: both stand in the
    file's name, in the page's language. Taking data out is written to the user log.
    """
    wanted = request.GET.get("format")
    if wanted not in FORMATS:
        return None
    heads = [str(column.label) for column in columns]
    lines = [[_plain(column.value(row)) for column in columns] for row in rows]
    user_log.record(
        user_log.Event.EXPORTED,
        actor=request.user,
        request=request,
        what="-".join(filter(None, [name, of])),
        rows=len(lines),
        format=wanted,
    )
    if wanted == "csv":
        content, kind = as_csv(heads, lines), "text/csv; charset=utf-8"
    else:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        content = as_xlsx(heads, lines)
    parts = [slugify(str(FILES[name])), of, clock.today().isoformat()]
    filename = "-".join(filter(None, parts)) + f".{wanted}"
    disposition = f'attachment; filename="{filename}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def _plain(value: Any) -> Value:
    if isinstance(value, datetime.datetime):
        return value.astimezone(clock.ZONE).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | Decimal | datetime.date):
        return value
    return str(value)


def as_csv(heads: Sequence[str], lines: Iterable[Sequence[Value]]) -> bytes:
    """Return CSV as spreadsheets of Finnish and Swedish users open it: semicolons, UTF-8 with its mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in (heads, *lines):
        writer.writerow([_harmless(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: Value) -> str:
    """Return a cell that no spreadsheet runs as a formula; a text stays one, whatever it looks like."""
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    text = "" if value is None else str(value)
    if not isinstance(value, str):
        return text
    return f"'{text}" if text.startswith(_FORMULA) or _TAKEN_FOR_A_NUMBER.fullmatch(text) else text


def as_xlsx(heads: Sequence[str], lines: Iterable[Sequence[Value]]) -> bytes:
    """Return a workbook with one sheet; texts are written as texts, never as formulas or links."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    dated = book.add_format({"num_format": "d.m.yyyy"})
    timed = book.add_format({"num_format": "d.m.yyyy hh:mm"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, max(12, len(head) + 2))
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, datetime.datetime):
                sheet.write_datetime(number, column, value, timed)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, dated)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
