"""A service's own page."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgs import clock, dates
from orgs.access import reads_internal
from orgs.localised import page_language
from orgs.wording import lower_first
from services import page_links, schedules
from services.models import PublishedService
from services.site import residence
from services.site.caching import public_answer, shows
from services.site.hits import municipalities, municipality_label, price

# The parts of the page that are one text each, before and after "How to apply".
_TEXTS_BEFORE = (
    ("description", gettext_lazy("What it is")),
    ("target_group", gettext_lazy("Who it is for")),
    ("requirements", gettext_lazy("What is required")),
)
_TEXTS_AFTER = (
    ("execution", gettext_lazy("How it works")),
    ("benefits", gettext_lazy("What you get")),
)


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading and one text, sanitised when it was written."""

    name: str
    heading: str | Promise
    text: str
    lang: str


@dataclass(frozen=True)
class TimeRow:
    """A line of the table of times and places."""

    when: str
    hours: str
    more: Mapping[str, str] | None
    place: Mapping[str, Any] | None
    place_text: Mapping[str, str] | None
    apply_by: datetime.date | None
    past: bool


@dataclass(frozen=True)
class Related:
    """Another service worth a look."""

    url: str
    name: str
    lang: str
    next: schedules.Next | None


@public_answer("municipality")
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one published service: the answer first, then the document."""
    language, today = page_language(), clock.today()
    row = (
        PublishedService.objects.filter(language=language, slug=slug)
        .only("service_id", "slug", "document", "published_at")
        .first()
    )
    if row is None:
        raise Http404
    related = related_rows(row.document, language)
    # One that is not published now may come.
    lacking = len(related) < len(set(row.document["related"]))
    shows(request, [row.service_id, *(one.service_id for one in related)], others=lacking)
    context = page(row.document, related, language, today, residence.served(request)) | {
        "row": row,
        "carry": residence.carrying("", residence.carried(request)),
        "reads_internal": reads_internal(request.user),
        "links_here": page_links.links_for(request.user, row.document["id"]),
    }
    return render(request, "services/service.html", context)


def related_rows(document: Mapping[str, Any], language: str) -> list[PublishedService]:
    """Return the published rows of the services that a document refers to, in its order."""
    if not (ids := document["related"]):
        return []
    rows = PublishedService.objects.filter(language=language, external_id__in=ids)
    found = {row.external_id: row for row in rows.only("service_id", "external_id", "slug", "document")}
    return [found[one] for one in ids if one in found]


def page(
    document: dict[str, Any],
    related: Iterable[PublishedService],
    language: str,
    today: datetime.date,
    own: Collection[str] = (),
) -> dict[str, Any]:
    """Return what the page of a service shows of a public document that is resolved for a reader.

    `related` are the rows of the services it refers to, `own` the codes of the reader's municipalities,
    whose contacts come first.
    """
    rows = time_rows(document["schedules"], today)
    contacts = residence.own_first(document["contacts"], own)
    first = _first_contacts(contacts, own)
    return {
        "section": "services",
        "document": document,
        "texts": document["texts"],
        "next": schedules.upcoming(document["schedules"], today),
        "today": today,
        "call": _first(contacts, "phone"),
        "write": _first(contacts, "email"),
        "contacts": contacts[:first],
        "more_contacts": contacts[first:],
        "updated": dates.read(document["updated_on"]),
        "facts": _facts(document),
        "levels": [item for item in document["languages"] if item["level_text"]],
        "before": _sections(document["texts"], _TEXTS_BEFORE),
        "after": _sections(document["texts"], _TEXTS_AFTER),
        "times": [line for line in rows if not line.past],
        "past_times": [line for line in rows if line.past],
        "places": _places(document["schedules"]),
        "has_apply_by": any(line.apply_by for line in rows),
        "accessible": [t for t in document["terms"]["accessibility"] if not t["requirement"]],
        "asked": [t for t in document["terms"]["accessibility"] if t["requirement"]],
        "price": price(document),
        "foreign": _foreign(document["texts"], language),
        "related": [_related(one, today) for one in related],
    }


def _sections(
    texts: Mapping[str, Mapping[str, str]], wanted: tuple[tuple[str, str | Promise], ...]
) -> list[Section]:
    return [
        Section(name, heading, texts[name]["text"], texts[name]["lang"])
        for name, heading in wanted
        if name in texts
    ]


def _foreign(texts: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Any] | None:
    """Tell whether texts are in another language than the page: all of them or some."""
    others = [text["lang"] for text in texts.values() if text["lang"] != language]
    if not others:
        return None
    return {"lang": others[0], "all": len(others) == len(texts)}


def _facts(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the facts in brief; each is a list of parts so that links can stand among words."""
    duration = document["texts"].get("duration")
    parts: list[dict[str, Any]] = [
        {"label": _("Organiser"), "organisations": _providers(document)},
        {"label": _("Language of the service"), "languages": document["languages"]},
        {
            "label": _("Duration"),
            "text": duration and duration["text"],
            "lang": duration and duration["lang"],
        },
        {"label": _("Price"), "text": price(dict(document))},
        {"label": _("How it is carried out"), "text": _joined(document["terms"]["delivery"])},
        {"label": municipality_label(document), "text": municipalities(dict(document))},
        {"label": _("Age"), "text": age(document)},
        {"label": _("Customer group"), "text": _joined(document["terms"]["audiences"])},
    ]
    return [part for part in parts if any(part.get(name) for name in ("text", "organisations", "languages"))]


def _providers(document: Mapping[str, Any]) -> list[Mapping[str, str]]:
    named = {item["id"]: item for item in (document["organiser"], *document["producers"]) if item}
    return list(named.values())


def _joined(terms: list[Mapping[str, str]]) -> str:
    return ", ".join(
        term["label"] if index == 0 else lower_first(term["label"]) for index, term in enumerate(terms)
    )


def age(document: Mapping[str, Any]) -> str:
    """Return the age limits in words; nothing where everyone of working age may join."""
    youngest, oldest = document["age_min"], document["age_max"]
    if document["all_ages"] or (youngest is None and oldest is None):
        return ""
    if oldest is None:
        return _("From %(age)s years") % {"age": youngest}
    if youngest is None:
        return _("Up to %(age)s years") % {"age": oldest}
    return _("%(youngest)s–%(oldest)s years") % {"youngest": youngest, "oldest": oldest}


def _first(contacts: list[Mapping[str, Any]], name: str) -> str:
    """Return the first telephone number or e-mail address."""
    return next((str(contact[name]) for contact in contacts if contact[name]), "")


def _first_contacts(contacts: list[Mapping[str, Any]], own: Collection[str]) -> int:
    """Return how many contacts are shown at once: those of one's own municipality, else the first."""
    return sum(residence.code_of(one) in own for one in contacts) or 1


def time_rows(schedules: list[Mapping[str, Any]], today: datetime.date) -> list[TimeRow]:
    """Return every time of every schedule, past ones marked, the next to come first."""
    rows: list[tuple[datetime.date, TimeRow]] = []
    for schedule in schedules:
        if schedule["kind"] in ("by_agreement", "continuous"):
            rows.append((datetime.date.min, _open_row(schedule)))
        else:
            rows += [_dated_row(schedule, item, today) for item in schedule["dates"]]
    return [row for _start, row in sorted(rows, key=lambda pair: pair[0])]


def _open_row(schedule: Mapping[str, Any]) -> TimeRow:
    agreed = schedule["kind"] == "by_agreement"
    when = _("By agreement") if agreed else _("Continuously")
    return _row(schedule, when, schedules.hours(schedule["hours"]), None, past=False)


def _dated_row(
    schedule: Mapping[str, Any], item: Mapping[str, Any], today: datetime.date
) -> tuple[datetime.date, TimeRow]:
    starts = datetime.date.fromisoformat(item["starts"])
    ends = dates.read(item["ends"]) or starts
    when = dates.weekday_date(starts) if ends == starts else dates.period(starts, ends)
    hours = schedules.hours(schedule["hours"])
    if item["from"] and item["to"]:
        hours = schedules.clock_range(item["from"], item["to"])
    elif item["from"]:
        hours = schedules.clock_range(item["from"], item["from"]).split("–")[0]
    return starts, _row(schedule, when, hours, dates.read(item["apply_by"]), past=ends < today)


def _row(
    schedule: Mapping[str, Any], when: str, hours: str, apply_by: datetime.date | None, *, past: bool
) -> TimeRow:
    return TimeRow(
        when, hours, schedule["time_text"], schedule["place"], schedule["place_text"], apply_by, past
    )


def _places(schedules: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return each place once where there is more to tell of it than its address."""
    by_id = {schedule["place"]["id"]: schedule["place"] for schedule in schedules if schedule["place"]}
    return [place for place in by_id.values() if place["info"] or place["accessibility"]]


def _related(row: PublishedService, today: datetime.date) -> Related:
    name = row.document["texts"]["name"]
    return Related(
        reverse("site:service", args=[row.slug]),
        name["text"],
        name["lang"],
        schedules.upcoming(row.document["schedules"], today),
    )


# Every public text of the table of fields has its place on this page; a test holds us to it.
SHOWN_TEXTS = frozenset(
    {name for name, _heading in (*_TEXTS_BEFORE, *_TEXTS_AFTER)}
    | {"name", "summary", "participation", "duration", "price_text", "consent_text", "accessibility_text"}
)
