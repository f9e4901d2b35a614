"""For the project: what readers search for, what they don't find, and what they don't open."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orgs import access, clock, tables
from orgs.roles import Capability
from services.search import figures
from services.search.figures import Sums

WEEKS = 26
_TEXTS = 30


@dataclass(frozen=True)
class Row:
    """A text that was searched for, in its language."""

    text: str
    language: str
    sums: Sums


_COLUMNS = (
    tables.Column[Row](_("Search text"), lambda row: row.text),
    tables.Column[Row](_("Language"), lambda row: row.language),
    tables.Column[Row](_("Searches"), lambda row: row.sums.searches),
    tables.Column[Row](_("Without a result"), lambda row: row.sums.without_result),
    tables.Column[Row](_("Nothing opened"), lambda row: row.sums.without_click),
)


@login_required
@require_safe
def search_figures(request: HttpRequest) -> HttpResponse:
    """Show the searches by week, and the texts of the four weeks up to the one that was asked for."""
    access.require(request.user, Capability.SEE_SEARCH_FIGURES)
    weeks = figures.by_week(WEEKS, clock.today())
    week = _week(request.GET.get("week", ""))
    rows = [Row(*one) for one in figures.texts(week)]
    if file := tables.exported(request, "searches", _COLUMNS, rows):
        return file
    context = {
        "weeks": weeks,
        "week": week,
        "most": rows[:_TEXTS],
        "nothing": _worst(rows, "without_result"),
        "unopened": _worst(rows, "without_click"),
        "fewest": figures.FEWEST,
    }
    return render(request, "services/tuning/figures.html", context)


def _worst(rows: list[Row], what: str) -> list[Row]:
    found = [row for row in rows if getattr(row.sums, what)]
    return sorted(found, key=lambda row: -getattr(row.sums, what))[:_TEXTS]


def _week(asked: str) -> datetime.date:
    this = figures.week_of(clock.today())
    try:
        day = datetime.date.fromisoformat(asked)
    except ValueError:
        return this
    return figures.week_of(day) if this - figures.KEPT <= day <= this else this
