"""What in a well-shaped document refers to nothing or contradicts itself, each with its place."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from orgs import dates
from orgs.models import Municipality, Organisation
from services import attachments, fields, limits, rich_text
from services.fields import Audience, Field, Kind
from services.models import Place, Service, StatutoryOption, Term
from services.parts import WEEKDAYS

Steps = tuple[str | int, ...]  # into a document; a number is a position in a list


class Wrong(NamedTuple):
    """What is wrong, and where."""

    steps: Steps
    message: str


class Known:
    """The keys that a document may name: what the database has, read when first asked for."""

    @cached_property
    def terms(self) -> set[tuple[str, str]]:
        """Return each vocabulary's keys."""
        return set(Term.objects.values_list("vocabulary", "key"))

    @cached_property
    def options(self) -> set[tuple[str, str]]:
        """Return the keys of the statutory options by kind."""
        return set(StatutoryOption.objects.values_list("kind", "key"))

    @cached_property
    def municipalities(self) -> set[str]:
        """Return the municipalities' codes."""
        return set(Municipality.objects.values_list("code", flat=True))

    @cached_property
    def organisations(self) -> set[str]:
        """Return the organisations' ids."""
        return set(Organisation.objects.values_list("external_id", flat=True))

    @cached_property
    def places(self) -> set[str]:
        """Return the places' ids."""
        return set(Place.objects.values_list("external_id", flat=True))

    @cached_property
    def services(self) -> set[str]:
        """Return the services' ids."""
        return set(Service.objects.values_list("external_id", flat=True))

    def keys(self, vocabulary: str | None) -> set[str]:
        """Return the keys of one vocabulary or of one kind of statutory options."""
        return {key for name, key in self.terms | self.options if name == vocabulary}


def problems(
    document: Mapping[str, Any], known: Known, only: Iterable[tuple[str, str]] | None = None
) -> list[Wrong]:
    """Return what is wrong with a document, or with those of its sections that there are.

    `only` names the fields to look at, as (audience, name); a contradiction between two fields is
    told where either is looked at.
    """
    looked_at = None if only is None else set(only)
    found: list[Wrong] = []
    for audience in Audience:
        section = document.get(audience.value)
        if section is None:
            continue
        for field in fields.of(audience):
            if field.translatable or field.kind not in _CHECKS:
                continue
            if looked_at is None or (audience.value, field.name) in looked_at:
                where = (audience.value, field.name)
                found += _CHECKS[field.kind](where, section[field.name], field, known)
        for place, texts in _texts_of(audience, section):
            if looked_at is None or place[:2] in looked_at:
                found += _depth(place, texts)
    if "internal" in document and (looked_at is None or ("internal", "municipal") in looked_at):
        found += _municipal(document["internal"]["municipal"], known)
    if "public" in document:
        found += _contradictions(document["public"])
    if "internal" in document:
        found += _contract(document["internal"])
    return found


def _texts_of(audience: Audience, section: Mapping[str, Any]) -> Iterator[tuple[Steps, Mapping[str, str]]]:
    """Return the texts of each language, those of single municipalities too, and where they stand."""
    for language, texts in section.get("texts", {}).items():
        yield (audience.value, "texts", language), texts
    for code, part in section.get("municipal", {}).items():
        for language, texts in part.items():
            yield (audience.value, "municipal", code, language), texts


def _depth(where: Steps, texts: Mapping[str, str]) -> Iterator[Wrong]:
    for name, text in texts.items():
        if rich_text.depth(text) > limits.DEPTH:
            yield Wrong((*where, name), _("Lists stand too deep within each other here. Make it simpler."))


def unknown(steps: Steps, value: object) -> Wrong:
    """Return the words for a key that nothing has."""
    return Wrong(steps, _("Nothing here or in the database has the key %(value)r.") % {"value": value})


def all_known(steps: Steps, values: Iterable[str], known: set[str]) -> Iterator[Wrong]:
    """Yield those of a list's values that nothing has."""
    return (unknown((*steps, index), value) for index, value in enumerate(values) if value not in known)


def _one_known(steps: Steps, value: str | None, known: set[str]) -> Iterator[Wrong]:
    if value and value not in known:
        yield unknown(steps, value)


def _municipal(parts: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    for code in sorted(set(parts) - known.municipalities):
        yield unknown(("internal", "municipal", code), code)


def _contradictions(public: Mapping[str, Any]) -> Iterator[Wrong]:
    if not public["paid"] and public["price"] is not None:
        yield Wrong(("public", "price"), _("A free service has no price. Remove the price."))
    low, high = public["age_min"], public["age_max"]
    if public["all_ages"] and (low is not None or high is not None):
        yield Wrong(("public", "all_ages"), _("A service for all ages has no age limits."))
    if low is not None and high is not None and high < low:
        yield Wrong(("public", "age_max"), _("The oldest age can't be below the youngest."))


def _contract(internal: Mapping[str, Any]) -> Iterator[Wrong]:
    first, last = internal["contract_starts"], internal["contract_ends"]
    if first and last and last < first:
        yield Wrong(("internal", "contract_ends"), _("The last day can't be before the first."))


def day_problems(steps: Steps, value: str) -> Iterator[Wrong]:
    """Yield what is wrong with a date that looks like one."""
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        yield Wrong(steps, _("There is no such day in the calendar."))


def _day(steps: Steps, value: str | None, _field: Field, _known: Known) -> Iterator[Wrong]:
    return day_problems(steps, value) if value else iter(())


Check = Callable[[Steps, Any, Field, Known], Iterable[Wrong]]


def _keys(steps: Steps, keys: list[str], field: Field, known: Known) -> Iterator[Wrong]:
    return all_known(steps, keys, known.keys(field.vocabulary))


def _key(steps: Steps, key: str | None, field: Field, known: Known) -> Iterator[Wrong]:
    return _one_known(steps, key, known.keys(field.vocabulary))


def _organisations(steps: Steps, ids: list[str], _field: Field, known: Known) -> Iterator[Wrong]:
    return all_known(steps, ids, known.organisations)


def _organisation(steps: Steps, key: str | None, _field: Field, known: Known) -> Iterator[Wrong]:
    return _one_known(steps, key, known.organisations)


def _municipalities(steps: Steps, codes: list[str], _field: Field, known: Known) -> Iterator[Wrong]:
    return all_known(steps, codes, known.municipalities)


def _services(steps: Steps, ids: list[str], _field: Field, known: Known) -> Iterator[Wrong]:
    return all_known(steps, ids, known.services)


def _languages(steps: Steps, items: list[Any], _field: Field, known: Known) -> Iterator[Wrong]:
    languages = [item["language"] for item in items]
    if len(set(languages)) < len(languages):
        yield Wrong(steps, _("Each language only once."))
    for index, item in enumerate(items):
        yield from _one_known((*steps, index, "language"), item["language"], known.keys("service_language"))
        yield from _one_known((*steps, index, "level"), item["level"], known.keys("language_level"))


def _contacts(steps: Steps, items: list[Any], _field: Field, known: Known) -> Iterator[Wrong]:
    for index, item in enumerate(items):
        where = (*steps, index)
        if item["municipality"]:
            yield from _one_known((*where, "municipality"), item["municipality"], known.municipalities)
        if item["email"]:
            try:
                validate_email(item["email"])
            except ValidationError:
                message = _("%(value)r is not an e-mail address.") % {"value": item["email"]}
                yield Wrong((*where, "email"), message)
    yield from _twice(steps, items)


def _links(steps: Steps, items: list[Any], _field: Field, _known: Known) -> Iterator[Wrong]:
    return _twice(steps, items)


def _schedules(steps: Steps, items: list[Any], _field: Field, known: Known) -> Iterator[Wrong]:
    for index, item in enumerate(items):
        where = (*steps, index)
        if item["place"]:
            yield from _one_known((*where, "place"), item["place"], known.places)
        yield from _hours((*where, "hours"), item["hours"])
        yield from _schedule(where, item)
        yield from _twice((*where, "dates"), item["dates"])
    yield from _twice(steps, items)


def _twice(steps: Steps, items: list[Any]) -> Iterator[Wrong]:
    """Yield a word where two items of a list share an id; in a file ids may be left out."""
    ids = [item["id"] for item in items if "id" in item]
    for value in sorted({one for one in ids if ids.count(one) > 1}):
        yield Wrong(steps, _("%(value)r stands here more than once.") % {"value": value})


def _hours(steps: Steps, by_day: Mapping[str, list[list[str]]]) -> Iterator[Wrong]:
    for day, ranges in by_day.items():
        moments = [moment for pair in ranges for moment in pair]
        if moments != sorted(set(moments)):
            message = _("%(day)s: the hours must follow each other and not overlap.")
            yield Wrong((*steps, day), message % {"day": dates.weekday(WEEKDAYS.index(day), whole=True)})


def place_problems(steps: Steps, item: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """Yield what is wrong with a place."""
    yield from _one_known((*steps, "municipality"), item["municipality"], known.municipalities)
    yield from all_known(
        (*steps, "accessibility"), item["accessibility"], known.keys("premises_accessibility")
    )


def _schedule(steps: Steps, item: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield what contradicts the schedule's kind (docs/rules.md section 3)."""
    kind, dates = item["kind"], item["dates"]
    where = (*steps, "dates")
    if kind in ("by_agreement", "continuous") and dates:
        yield Wrong(where, _("This kind of schedule has no dates. Remove them."))
    if kind == "continuous" and not item["hours"]:
        yield Wrong((*steps, "hours"), _("A continuous service needs its weekdays and hours."))
    if kind == "period" and len(dates) != 1:
        yield Wrong(where, _("A period has exactly one first and last day."))
    if kind in ("periods", "dates") and not dates:
        yield Wrong(where, _("Add at least one date."))
    for index, date in enumerate(dates):
        yield from _date((*where, index), date, needs_end=kind in ("period", "periods"))


def _date(steps: Steps, date: Mapping[str, Any], *, needs_end: bool) -> Iterator[Wrong]:
    try:
        days = {name: datetime.date.fromisoformat(date[name]) for name in ("starts", "ends") if date[name]}
        if date["apply_by"]:
            datetime.date.fromisoformat(date["apply_by"])
    except ValueError:
        yield Wrong(steps, _("There is no such day in the calendar."))
        return
    if needs_end and "ends" not in days:
        yield Wrong(steps, _("The last day is missing."))
    if days.get("ends", days["starts"]) < days["starts"]:
        yield Wrong(steps, _("The last day can't be before the first."))
    if date["from"] and date["to"] and date["to"] <= date["from"]:
        yield Wrong(steps, _("The hours must follow each other and not overlap."))


def _attachments(steps: Steps, items: list[Any], _field: Field, _known: Known) -> Iterator[Wrong]:
    for index, item in enumerate(items):
        if attachments.content_type_of(item["filename"]) != item["content_type"]:
            yield Wrong(
                (*steps, index),
                _("The file's ending does not go with %(type)s, or such files may not be attached.")
                % {"type": item["content_type"]},
            )
        if item["size"] > attachments.MAX_SIZE:
            yield Wrong((*steps, index), _("The file is larger than 50 MB. Make it smaller."))


_CHECKS: dict[Kind, Check] = {
    Kind.DAY: _day,
    Kind.TERMS: _keys,
    Kind.OPTIONS: _keys,
    Kind.OPTION: _key,
    Kind.ORGANISATION: _organisation,
    Kind.ORGANISATIONS: _organisations,
    Kind.MUNICIPALITIES: _municipalities,
    Kind.SERVICES: _services,
    Kind.LANGUAGES: _languages,
    Kind.CONTACTS: _contacts,
    Kind.LINKS: _links,
    Kind.SCHEDULES: _schedules,
    Kind.ATTACHMENTS: _attachments,
}
