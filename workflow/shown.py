"""A document's values in words, and what differs between two of them word by word: for reviewers.

Texts are compared in one language; lists item by item, told apart by what never changes in them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from rapidfuzz.distance import Indel

from orgs import clock, dates
from orgs.localised import here, language_names, page_language, reading
from orgs.wording import file_size
from services import schedules
from services.fields import Field, Kind
from services.models import Service, StatutoryOption
from services.names import name_of
from services.parts import ScheduleKind
from services.rich_text import plain
from services.vocabularies import words

# A value in words: each of its parts by what tells it apart.
Parts = Mapping[str, str]
_WORD = re.compile(r"\s|(?:[^\W_]+|.) *")
_MOST_PAIRS = 400_000_000  # 50 MB of memory and a tenth of a second


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether they stay ("same"), were added ("ins") or removed ("del")."""

    kind: str
    text: str

    @property
    def marked(self) -> SafeString:
        """Return them as HTML."""
        words: SafeString = linebreaksbr(self.text)
        return words if self.kind == "same" else format_html("<{0}>{1}</{0}>", self.kind, words)


def compare(old: str, new: str) -> list[Piece]:
    """Return the two texts as one, with the words that went and those that came.

    Two texts that are too long for that are shown as a whole: the one went, the other came.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > _MOST_PAIRS:
        return [Piece("del", old), Piece("ins", new)]
    found: list[tuple[str, str]] = []
    # The spaces after a word belong to it, but do not tell words apart.
    bare = ([word.rstrip(" ") for word in words] for words in (before, after))
    for step in Indel.opcodes(*bare):
        removed = before[step.src_start : step.src_end]
        added = after[step.dest_start : step.dest_end]
        if step.tag == "equal":
            for was, stays in zip(removed, added, strict=True):
                found.append(("same", stays if was == stays else stays.rstrip(" ")))
                if was != stays:
                    found += [("del", _spaces(was)), ("ins", _spaces(stays))]
        else:
            found += [("del", "".join(removed)), ("ins", "".join(added))]
    return list(_joined_up(found))


def _spaces(word: str) -> str:
    return word[len(word.rstrip(" ")) :]


def _joined_up(found: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """Join what stays, and between two of those what went and what came."""
    for stays, some in groupby(found, key=lambda one: one[0] == "same"):
        texts = dict.fromkeys(("same",) if stays else ("del", "ins"), "")
        for kind, text in some:
            texts[kind] += text
        yield from (Piece(kind, text) for kind, text in texts.items() if text)


@dataclass(frozen=True)
class Line:
    """One part of a value, before and after, each as pieces; an empty side was not there."""

    before: list[Piece]
    after: list[Piece]


def lines(old: Parts, new: Parts) -> list[Line]:
    """Return the parts of two values side by side: those that stay or changed, went, or came."""
    found = []
    for key in dict.fromkeys([*old, *new]):
        pieces = compare(old.get(key, ""), new.get(key, ""))
        before = [piece for piece in pieces if piece.kind != "ins"]
        found.append(Line(before, [piece for piece in pieces if piece.kind != "del"]))
    return found


def parts(field: Field, value: Any) -> Parts:
    """Return a field's value in words of the page's language; nothing where it is empty."""
    if value in (None, "", []):
        return {}
    if field.kind in (Kind.LINE, Kind.RICH, Kind.WORDS):
        return {"": plain(value) if field.kind is Kind.RICH else value}
    return _IN_WORDS[field.kind](field, value)


def _flag(_field: Field, value: bool) -> Parts:
    return {"": _("Yes") if value else _("No")}


def _labels(rows: Mapping[str, Any], keys: Iterable[str]) -> Parts:
    return {key: here(rows[key].name) if key in rows else key for key in keys}


def _terms(field: Field, keys: list[str]) -> Parts:
    label, language = words().label, page_language()
    return {key: label(field.vocabulary or "", key, language) for key in keys}


def _options(field: Field, keys: list[str]) -> Parts:
    found = StatutoryOption.objects.filter(kind=field.vocabulary or "", key__in=keys)
    worded = {one.key: one.wording_on(clock.today()) for one in found.prefetch_related("wordings")}
    return {key: here(wording.label) if (wording := worded.get(key)) else key for key in keys}


def _services(_field: Field, ids: list[str]) -> Parts:
    language = page_language()
    return {one.external_id: name_of(one, language) for one in Service.objects.filter(external_id__in=ids)}


def _languages(_field: Field, items: list[Any]) -> Parts:
    label, language = words().label, page_language()
    return {
        item["language"]: _joined(
            label("service_language", item["language"], language),
            label("language_level", item["level"], language) if item["level"] else "",
        )
        for item in items
    }


def _schedules(_field: Field, items: list[Any]) -> Parts:
    places = words().places
    return {
        item["id"]: _joined(
            str(ScheduleKind(item["kind"]).label),
            *(_date(one) for one in item["dates"]),
            schedules.hours(item["hours"]),
            here(places[item["place"]].name) if item["place"] in places else "",
            _everywhere(item["place_text"]),
            _everywhere(item["time_text"]),
        )
        for item in items
    }


def _date(item: Mapping[str, Any]) -> str:
    first, apply_by = dates.read(item["starts"]), dates.read(item["apply_by"])
    assert first is not None, "a date has its first day"
    hours = ""
    if item["from"]:
        hours = schedules.clock_range(item["from"], item["to"]) if item["to"] else item["from"]
    until = _("apply by %(day)s") % {"day": dates.date(apply_by)} if apply_by else ""
    return _joined(dates.period(first, dates.read(item["ends"])), hours, until)


def _contacts(_field: Field, items: list[Any]) -> Parts:
    municipalities = words().municipalities
    return {
        item["id"]: _joined(
            item["name"],
            _everywhere(item["title"]),
            item["phone"],
            item["email"],
            here(municipalities[item["municipality"]].name) if item["municipality"] in municipalities else "",
            _everywhere(item["info"]),
        )
        for item in items
    }


def _links(_field: Field, items: list[Any]) -> Parts:
    return {item["id"]: _joined(_everywhere(item["title"]), item["url"]) for item in items}


def _attachments(_field: Field, items: list[Any]) -> Parts:
    return {
        item["id"]: _joined(_everywhere(item["title"]), item["filename"], file_size(item["size"]))
        for item in items
    }


def _everywhere(texts: Mapping[str, str]) -> str:
    """Return an item's text in the page's language, and after it in all others in which it is written."""
    first = reading(texts, page_language())
    others = [
        f"{language_names([code])}: {texts[code]}"
        for code in sorted(texts)
        if texts[code] and code != first.lang
    ]
    return f"{first.text} ({'; '.join(others)})" if others else first.text


def _joined(*said: str) -> str:
    return ", ".join(one for one in said if one)


_IN_WORDS: dict[Kind, Callable[[Field, Any], Parts]] = {
    Kind.FLAG: _flag,
    Kind.CHOICE_FLAG: _flag,
    Kind.MONEY: lambda _field, value: {"": f"{value.replace('.', dates.decimal_point())} €"},
    Kind.DAY: lambda _field, value: {"": dates.date(day) if (day := dates.read(value)) else ""},
    Kind.NUMBER: lambda _field, value: {"": str(value)},
    Kind.TERMS: _terms,
    Kind.OPTION: lambda field, value: _options(field, [value]),
    Kind.OPTIONS: _options,
    Kind.ORGANISATION: lambda _field, value: _labels(words().organisations, [value]),
    Kind.ORGANISATIONS: lambda _field, value: _labels(words().organisations, value),
    Kind.MUNICIPALITIES: lambda _field, value: _labels(words().municipalities, value),
    Kind.SERVICES: _services,
    Kind.LANGUAGES: _languages,
    Kind.SCHEDULES: _schedules,
    Kind.CONTACTS: _contacts,
    Kind.LINKS: _links,
    Kind.ATTACHMENTS: _attachments,
}


def value_in_words(field: Field, value: Any) -> str:
    """Return a value, or one part of an item, as one text."""
    if isinstance(value, str):
        return plain(value) if field.kind is Kind.RICH else value
    if isinstance(value, list) and field.kind in (
        Kind.SCHEDULES,
        Kind.CONTACTS,
        Kind.LINKS,
        Kind.ATTACHMENTS,
    ):
        return _("%(count)s items") % {"count": len(value)}
    return "; ".join(parts(field, value).values()) if not isinstance(value, dict) else str(value)
