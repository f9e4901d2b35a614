"""Search figures: what was searched for, without a result, without a click, by week; with no person in them.

A text that may tell of a person (an address, a long number) is counted without the text, and when a
week is over so is every text that was searched for fewer than three times.
"""

import datetime
import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum

from services.models import SearchFigure

FEWEST = 3  # searches of a text that is kept
KEPT = datetime.timedelta(weeks=106)  # two years, so that a week can be held against last year's
_MOST_TEXTS = 5_000  # of a week and language: what comes on top is counted without its text
_LONGEST = 80
_PERSONAL = re.compile(r"@|\d[\d\s+-]{3,}\d")
_SUMS = {
    "all_searches": Sum("searches"),
    "all_without_result": Sum("without_result"),
    "all_clicked": Sum("clicked"),
}


@dataclass(frozen=True)
class Sums:
    """Sums over searches; shares are in per cent of the searches."""

    searches: int
    without_result: int
    clicked: int

    @property
    def without_result_share(self) -> int:
        """How many per cent found nothing."""
        return round(100 * self.without_result / self.searches) if self.searches else 0

    @property
    def without_click(self) -> int:
        """How many found something that nobody opened."""
        return max(0, self.searches - self.without_result - self.clicked)

    @property
    def without_click_share(self) -> int:
        """How many per cent found something that nobody opened."""
        return round(100 * self.without_click / self.searches) if self.searches else 0


def text_of(q: str) -> str:
    """Return a search as it is counted: in small letters; empty where it may tell of a person."""
    text = " ".join(q.casefold().split())
    return "" if _PERSONAL.search(text) or len(text) > _LONGEST else text


def week_of(day: datetime.date) -> datetime.date:
    """Return the Monday of a day's week."""
    return day - datetime.timedelta(days=day.weekday())


def count(q: str, language: str, day: datetime.date, *, found: bool, click: bool) -> None:
    """Count a search; with `click` not the search, but that something of it was opened."""
    week, text = week_of(day), text_of(q)
    rows = SearchFigure.objects.filter(week=week, language=language)
    if text and not rows.filter(text=text).exists() and rows.count() >= _MOST_TEXTS:
        text = ""
    added = {
        "searches": int(not click),
        "without_result": int(not click and not found),
        "clicked": int(click),
    }
    with transaction.atomic():
        SearchFigure.objects.get_or_create(week=week, language=language, text=text)
        rows.filter(text=text).update(**{name: F(name) + number for name, number in added.items()})


def by_week(weeks: int, today: datetime.date) -> list[tuple[datetime.date, Sums]]:
    """Return the sums of the last weeks, the newest first; weeks without searches are left out."""
    first = week_of(today) - datetime.timedelta(weeks=weeks - 1)
    rows = SearchFigure.objects.filter(week__gte=first).order_by().values("week").annotate(**_SUMS)
    return sorted(((week, Sums(*sums)) for week, *sums in rows.values_list("week", *_SUMS)), reverse=True)


def texts(week: datetime.date, weeks: int = 4) -> list[tuple[str, str, Sums]]:
    """Return the texts of the weeks up to one, by language, that are searched often enough to tell."""
    first = week - datetime.timedelta(weeks=weeks - 1)
    rows = SearchFigure.objects.filter(week__gte=first, week__lte=week).exclude(text="").order_by()
    sums = rows.values("text", "language").annotate(**_SUMS).values_list("text", "language", *_SUMS)
    found = [(text, language, Sums(*numbers)) for text, language, *numbers in sums]
    told = (one for one in found if one[2].searches >= FEWEST)
    return sorted(told, key=lambda one: (-one[2].searches, one[0], one[1]))


@transaction.atomic
def fold_rare(today: datetime.date) -> None:
    """Count the rare texts of weeks that are over without their texts, and forget what is too old."""
    SearchFigure.objects.filter(week__lt=today - KEPT).delete()
    over = SearchFigure.objects.filter(week__lt=week_of(today)).exclude(text="")
    rare = over.filter(searches__lt=FEWEST)
    sums = rare.order_by().values("week", "language").annotate(**_SUMS)
    folded = list(sums.values_list("week", "language", *_SUMS))
    rare.delete()
    for week, language, searches, without_result, clicked in folded:
        SearchFigure.objects.get_or_create(week=week, language=language, text="")
        SearchFigure.objects.filter(week=week, language=language, text="").update(
            searches=F("searches") + searches,
            without_result=F("without_result") + without_result,
            clicked=F("clicked") + clicked,
        )
