"""The form for a service's times: five kinds of schedules, with weekly hours, dates and a place."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _

from orgs import dates
from orgs.localised import here
from orgs.pages.action_form import day_field
from services import limits
from services.parts import RANGES_A_DAY, WEEKDAYS, ScheduleKind
from services.vocabularies import words
from workflow.desk.items import Item, ItemForm, item_forms, texts_field

DATED = (ScheduleKind.PERIOD, ScheduleKind.PERIODS, ScheduleKind.DATES)
_EMPTY_DATES = 2  # for those still to be written


def _time_field(**more: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    return forms.TimeField(widget=widget, required=False, **more)


def _moment(text: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if text else None


def _said(moment: datetime.time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


class DateForm(ItemForm):
    """A day, or a first and a last one, with its hours and the last day to apply."""

    starts = day_field(label=_("First day"))
    ends = day_field(label=_("Last day"))
    apply_by = day_field(label=_("Apply by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", _("From")), ("to", _("Until"))):  # a word of Python's own
            self.fields[name] = _time_field(label=label)
        self.order_fields(["id", "starts", "ends", "from", "to", "apply_by"])

    @classmethod
    def shown(cls, item: Item) -> dict[str, Any]:
        """Return what the boxes start with."""
        days = {name: dates.read(item[name]) for name in ("starts", "ends", "apply_by")}
        return days | {"id": item["id"]} | {name: _moment(item[name]) for name in ("from", "to")}

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        given = self.cleaned_data
        if not given.get("starts") and "starts" not in self.errors and self.has_changed():
            self.add_error("starts", _("Give the first day."))
        first, last = given.get("starts"), given.get("ends")
        if first and last and last < first:
            self.add_error("ends", _("The last day can't be before the first."))
        if given.get("to") and not given.get("from"):
            self.add_error("from", _("Give the time at which it begins."))
        return given

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        given = self.cleaned_data
        days = {name: given[name] and given[name].isoformat() for name in ("starts", "ends", "apply_by")}
        return days | {name: _said(given[name]) for name in ("from", "to")}


class Day:
    """The boxes of one weekday's hours, for the page."""

    def __init__(self, form: "ScheduleForm", name: str, label: str) -> None:
        self.label = label
        self.ranges = [(form[f"{name}-{n}-from"], form[f"{name}-{n}-to"]) for n in range(RANGES_A_DAY)]


class ScheduleForm(ItemForm):
    """Times of one kind at one place, with a form for each of its dates."""

    texts = ("place_text", "time_text")
    kind = forms.ChoiceField(label=_("Kind of times"), choices=[("", _("Not chosen")), *ScheduleKind.choices])
    place = forms.ChoiceField(label=_("Place"), required=False)
    place_text = texts_field(_("The place in words"))
    time_text = texts_field(_("The times in words"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["place"]
        assert isinstance(box, forms.ChoiceField)
        places = [(key, f"{here(one.name)}, {here(one.city)}") for key, one in words().places.items()]
        box.choices = [("", _("No place of its own")), *sorted(places, key=lambda pair: pair[1])]
        for day in WEEKDAYS:
            label = dates.weekday(WEEKDAYS.index(day))
            for number in range(RANGES_A_DAY):
                for part, what in (("from", _("from")), ("to", _("until"))):
                    box = self.fields[f"{day}-{number}-{part}"] = _time_field(label=f"{label} {what}")
                    box.widget.attrs["aria-label"] = box.label
        self.dates: BaseFormSet[DateForm] = _DateForms(
            self.data if self.is_bound else None,
            initial=self.initial.get("dates"),
            prefix=f"{self.prefix}-dates",
        )

    @classmethod
    def shown(cls, item: Item) -> dict[str, Any]:
        """Return what the boxes start with."""
        hours = {
            f"{day}-{number}-{part}": _moment(moment)
            for day, ranges in item["hours"].items()
            for number, pair in enumerate(ranges)
            for part, moment in zip(("from", "to"), pair, strict=True)
        }
        return dict(item) | hours | {"dates": [DateForm.shown(one) for one in item["dates"]]}

    def has_changed(self) -> bool:
        """Tell whether anything was written, into the dates' boxes too."""
        return super().has_changed() or self.dates.has_changed()

    @property
    def has_hours(self) -> bool:
        """Tell whether any hours of the week are given."""
        return any(first.value() or last.value() for day in self.days() for first, last in day.ranges)

    def days(self) -> Iterator[Day]:
        """Return the week's days with their boxes."""
        for number, name in enumerate(WEEKDAYS):
            yield Day(self, name, dates.weekday(number))

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        if not self.dates.is_valid():
            raise ValidationError(_("Correct the dates marked below."))
        if not self.errors:
            self._check_hours()
        if not self.errors:  # hours of which a half is missing are none that can be read
            self._check_kind(self.cleaned_data["kind"], self.dated())
        return self.cleaned_data

    def _check_hours(self) -> None:
        for day in WEEKDAYS:
            for number in range(RANGES_A_DAY):
                first, last = (f"{day}-{number}-{part}" for part in ("from", "to"))
                if bool(self.cleaned_data[first]) != bool(self.cleaned_data[last]):
                    empty = last if self.cleaned_data[first] else first
                    self.add_error(empty, _("Give both times, or neither."))

    def _check_kind(self, kind: str, days: list[DateForm]) -> None:
        """Say what the kind asks for. Source: docs/rules.md section 3."""
        if kind not in DATED and days:
            self.add_error("kind", _("This kind of schedule has no dates. Remove them."))
        if kind == ScheduleKind.CONTINUOUS and not self._hours():
            self.add_error("kind", _("A continuous service needs its weekdays and hours."))
        if kind == ScheduleKind.PERIOD and len(days) != 1:
            self.add_error("kind", _("A period has exactly one first and last day."))
        if kind in (ScheduleKind.PERIODS, ScheduleKind.DATES) and not days:
            self.add_error("kind", _("Add at least one date."))
        if kind in (ScheduleKind.PERIOD, ScheduleKind.PERIODS):
            for form in days:
                if not form.cleaned_data["ends"]:
                    form.add_error("ends", _("The last day is missing."))
                    self.add_error(None, _("Correct the dates marked below."))

    def dated(self) -> list[DateForm]:
        """Return the forms of the dates that stay."""
        return [form for form in self.dates if form.stays]

    def _hours(self) -> dict[str, list[list[str]]]:
        found = {}
        for day in WEEKDAYS:
            pairs = [
                [f"{self.cleaned_data[f'{day}-{number}-{part}']:%H:%M}" for part in ("from", "to")]
                for number in range(RANGES_A_DAY)
                if self.cleaned_data[f"{day}-{number}-from"]
            ]
            if pairs:
                found[day] = pairs
        return found

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        before = {str(one["id"]): one for one in self.initial.get("dates", ())}
        return {
            "kind": self.cleaned_data["kind"],
            "place": self.cleaned_data["place"] or None,
            "hours": self._hours(),
            "dates": [form.item(before) for form in self.dated()],
        }


_DateForms = item_forms(DateForm, most=limits.DATES, empty=_EMPTY_DATES)
