"""The boxes of fields that hold one value: how each kind is asked for, shown and read back.

The kinds that are lists of items have forms of their own: `workflow.desk.items`.
"""

import datetime
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from orgs import clock
from orgs.localised import here
from orgs.pages.action_form import day_field
from services.fields import Field, Kind
from services.models import Service, StatutoryOption
from services.rich_text_widget import RichTextWidget
from services.vocabularies import Words, words
from workflow.desk.related import RelatedField

Choices = list[tuple[str, str]]
_ONE_LINE = 120  # characters that fit into a box of one line


def _labelled(rows: Iterable[tuple[str, Any]]) -> Choices:
    return [(key, here(label)) for key, label in rows]


def terms(vocabulary: str | None) -> Choices:
    """Return a vocabulary's terms in its own order."""
    known: Words = words()
    return _labelled((key, t.label) for (name, key), t in known.terms.items() if name == vocabulary)


def municipalities() -> Choices:
    """Return the municipalities by name."""
    return _labelled((code, m.name) for code, m in words().municipalities.items())


def organisations(present: Iterable[str]) -> Choices:
    """Return the organisations that services can be of, and those that are named already."""
    kept = set(present)
    return _labelled(
        (key, one.name)
        for key, one in words().organisations.items()
        if key in kept or (one.closed_on is None and one.kind != one.Kind.PROJECT)
    )


def _statutory(kind: str | None, present: Container[str]) -> Choices:
    """Return the statutory options as they are worded today; one that has ended only where it is chosen."""
    today = clock.today()
    options = StatutoryOption.objects.filter(kind=kind or "").prefetch_related("wordings")
    worded = (
        (option.key, option.wording_on(today))
        for option in options
        if option.key in present or option.ends_on is None or option.ends_on >= today
    )
    return _labelled((key, wording.label) for key, wording in worded if wording)


@dataclass(frozen=True)
class Box:
    """How a kind of value is asked for.

    `make` gets the field, the value there is and the language of texts; `shown` makes what the
    form field starts with of the document's value, `kept` the document's value of what was given.
    """

    make: Callable[[Field, Any, str], forms.Field]
    shown: Callable[[Any], Any] = lambda value: value
    kept: Callable[[Field, Any], Any] = lambda _field, given: given


def _line(field: Field, _value: Any, language: str) -> forms.Field:
    longest = field.max_length or _ONE_LINE  # the box grows with what a field asks for
    attrs = {"lang": language, "maxlength": None} if language else {}
    widget = forms.TextInput(attrs) if longest <= _ONE_LINE else forms.Textarea(attrs | {"rows": 3})
    return forms.CharField(max_length=field.longest, widget=widget)


def _rich(field: Field, _value: Any, language: str) -> forms.Field:
    # No `maxlength` in the page: a browser would cut off what is pasted, and say nothing.
    assert field.longest
    bound = MaxLengthValidator(field.longest)
    return forms.CharField(widget=RichTextWidget({"rows": 8}, lang=language), validators=[bound])


def _many(choices: Choices) -> forms.Field:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple())


def _one(choices: Choices) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Not chosen")), *choices], widget=forms.RadioSelect())


def _money(_field: Field, _value: Any, _language: str) -> forms.Field:
    return forms.DecimalField(min_value=0, max_digits=8, decimal_places=2, localize=True)


def _number(field: Field, _value: Any, _language: str) -> forms.Field:
    return forms.IntegerField(min_value=0, max_value=field.maximum)


def _organisation(_field: Field, value: str | None, _language: str) -> forms.Field:
    choices = organisations([value] if value else [])
    return forms.ChoiceField(choices=[("", _("Not chosen")), *choices])


_YES_OR_NO = {"": None, "yes": True, "no": False}


def _choice_flag(_field: Field, _value: Any, _language: str) -> forms.Field:
    return _one([("yes", _("Yes")), ("no", _("No"))])


def _or_null(_field: Field, given: Any) -> Any:
    return given or None


BOXES: dict[Kind, Box] = {
    Kind.LINE: Box(_line, kept=lambda _field, given: " ".join(given.split())),
    Kind.RICH: Box(_rich),
    Kind.WORDS: Box(lambda field, value, _language: _line(field, value, "")),
    Kind.FLAG: Box(lambda _field, _value, _language: forms.BooleanField()),
    Kind.CHOICE_FLAG: Box(
        _choice_flag,
        shown=lambda value: next(key for key, answer in _YES_OR_NO.items() if answer is value),
        kept=lambda _field, given: _YES_OR_NO[given],
    ),
    Kind.MONEY: Box(
        _money,
        shown=lambda value: Decimal(value) if value else None,
        kept=lambda _field, given: None if given is None else f"{given:.2f}",
    ),
    Kind.DAY: Box(
        lambda _field, _value, _language: day_field(),
        shown=lambda value: datetime.date.fromisoformat(value) if value else None,
        kept=lambda _field, given: given and given.isoformat(),
    ),
    Kind.NUMBER: Box(_number, kept=lambda field, given: field.starts_as if given is None else given),
    Kind.TERMS: Box(lambda field, _value, _language: _many(terms(field.vocabulary))),
    Kind.OPTION: Box(
        lambda field, value, _language: _one(_statutory(field.vocabulary, (value,))),
        shown=lambda value: value or "",
        kept=_or_null,
    ),
    Kind.OPTIONS: Box(lambda field, value, _language: _many(_statutory(field.vocabulary, value))),
    Kind.ORGANISATION: Box(_organisation, shown=lambda value: value or "", kept=_or_null),
    Kind.ORGANISATIONS: Box(lambda _field, value, _language: _many(organisations(value))),
    Kind.MUNICIPALITIES: Box(lambda _field, _value, _language: _many(municipalities())),
    Kind.SERVICES: Box(
        lambda _field, value, _language: RelatedField(Service.objects.filter(external_id__in=value))
    ),
}


def box_of(field: Field, value: Any, language: str = "") -> forms.Field:
    """Return the form field that asks for a content field; a saving never needs it filled in."""
    made = BOXES[field.kind].make(field, value, language)
    made.required = made.widget.is_required = False
    made.label, made.help_text = str(field.label), str(field.help)
    return made
