"""A published service as a hit: what lists show of it."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import dates
from orgs.wording import languages_listed, lower_first
from services import schedules
from services.models import PublishedService
from services.search.listing import Marks
from services.site import residence

_MOST_MUNICIPALITIES = 3
_MOST_LANGUAGES = 2


@dataclass(frozen=True)
class Fact:
    """A short fact with its icon and the words that say what the icon shows."""

    icon: str
    label: str
    text: str
    lang: str = ""


@dataclass(frozen=True)
class Hit:
    """What a list shows of a service."""

    url: str
    name: str
    name_lang: str
    summary: str
    summary_lang: str
    organiser: str
    next: schedules.Next | None
    facts: list[Fact]
    # The part of another text in which a search matched, where neither name nor summary did.
    where: Mapping[str, str]


def hits(
    rows: Iterable[PublishedService],
    today: datetime.date,
    municipality: str = "",
    marks: Mapping[int, Marks] = MappingProxyType({}),
) -> list[Hit]:
    """Return the rows as hits, with the words marked that a search found, by the service's number.

    `municipality` is the code that their pages are to serve first.
    """
    return [_hit(row, today, municipality, marks.get(row.service_id)) for row in rows]


def _hit(row: PublishedService, today: datetime.date, municipality: str, marks: Marks | None) -> Hit:
    document = row.document
    name = document["texts"]["name"]
    summary = document["texts"].get("summary", {"text": "", "lang": ""})
    return Hit(
        url=residence.carrying(reverse("site:service", args=[row.slug]), municipality),
        name=marks.name if marks else name["text"],
        name_lang=name["lang"],
        summary=marks.summary if marks else summary["text"],
        summary_lang=summary["lang"],
        organiser=(document["organiser"] or {}).get("name", ""),
        next=schedules.upcoming(document["schedules"], today),
        facts=[fact for fact in _facts(document) if fact.text],
        where=marks.where if marks else {},
    )


def _facts(document: dict[str, Any]) -> list[Fact]:
    duration = document["texts"].get("duration", {"text": "", "lang": ""})
    return [
        Fact("message-square", _("Language"), _languages(document["languages"])),
        Fact("clock", _("Time"), duration["text"] or _weekly_hours(document), duration["lang"]),
        Fact("map-pin", municipality_label(document), municipalities(document, most=_MOST_MUNICIPALITIES)),
        Fact("euro", _("Price"), price(document)),
    ]


def _languages(items: list[dict[str, Any]]) -> str:
    if len(items) == 1 and (level := items[0]["level_label"]):
        return f"{items[0]['label']}, {lower_first(level)}"
    shown = languages_listed([item["label"] for item in items[:_MOST_LANGUAGES]])
    return _and_more(shown, len(items) - _MOST_LANGUAGES)


def _weekly_hours(document: dict[str, Any]) -> str:
    """Return the hours of a service without a duration, such as a weekly group."""
    weekly = [s for s in document["schedules"] if s["kind"] == "continuous" and s["hours"]]
    return schedules.hours(weekly[0]["hours"]) if weekly else ""


def municipality_label(document: Mapping[str, Any]) -> str:
    """Return what a service's municipalities are called: people have a home one, employers don't."""
    audiences = {term["key"] for term in document["terms"]["audiences"]}
    return _("Municipality") if audiences == {"employer"} else _("Home municipality")


def municipalities(document: dict[str, Any], *, most: int | None = None) -> str:
    """Return the home municipalities in words, at most `most` of them by name."""
    if document["any_municipality"]:
        return _("All municipalities")
    names = [item["name"] for item in document["municipalities"]]
    if most is None:
        return ", ".join(names)
    return _and_more(", ".join(names[:most]), len(names) - most)


def _and_more(shown: str, more: int) -> str:
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(count)s other", "%(shown)s and %(count)s others", more) % {
        "shown": shown,
        "count": more,
    }


def price(document: dict[str, Any]) -> str:
    """Return the price in words: "Free of charge", "25 €"."""
    if not document["paid"]:
        return _("Free of charge")
    amount: str | None = document["price"]
    if not amount:
        return _("Costs something")
    return f"{amount.removesuffix('.00').replace('.', dates.decimal_point())} €"
