"""One section of a service's form: what of a document is asked for there, and what was made of it."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseFormSet, BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from orgs.localised import SOURCE_LANGUAGE
from services import documents, limits
from services.changes import Changes, Problem
from services.fields import Document, Field, Kind
from services.shape import Path
from workflow import shown
from workflow.desk.boxes import BOXES, box_of
from workflow.desk.items import AttachmentForm, ContactForm, ItemForm, LanguageForm, LinkForm, item_forms
from workflow.desk.times import ScheduleForm
from workflow.merging import Conflict

FORMS: dict[Kind, type[ItemForm]] = {
    Kind.LANGUAGES: LanguageForm,
    Kind.SCHEDULES: ScheduleForm,
    Kind.CONTACTS: ContactForm,
    Kind.LINKS: LinkForm,
    Kind.ATTACHMENTS: AttachmentForm,
}
_SETS = {kind: item_forms(form, most=limits.ITEMS, empty=1) for kind, form in FORMS.items()}


def name_of(field: Field) -> str:
    """Return the name of a field's box on the page: ids and links are made of it."""
    return f"{field.audience.value}-{field.name}"


def path_of(field: Field, language: str, municipality: str | None = None) -> Path:
    """Return the path of the value that a field's box holds."""
    if municipality is not None:
        return documents.municipal_text(municipality, language, field.name)
    if field.translatable:
        return documents.text(field.audience, language, field.name)
    return (field.audience.value, field.name)


def value_at(document: Document, path: Path) -> Any:
    """Return the value at a field's path; an empty text where there is none."""
    here: Any = document
    for step in path[:-1]:
        here = here.get(step, {})
    return here.get(path[-1], "")


@dataclass
class Row:
    """A field on the page: its one box or its list of items, and what someone else wrote meanwhile."""

    field: Field
    box: BoundField | None
    items: BaseFormSet[ItemForm] | None
    source: Any = ""  # the Finnish text, where another language is written
    theirs: Conflict | None = None
    asked: bool = True  # what the document says of the field's condition
    common: Any = None  # the text that is common to all, where a municipality's own is written

    @property
    def theirs_in_words(self) -> str:
        """Return what someone else wrote; empty where it was removed."""
        return shown.value_in_words(self.field, self.theirs.theirs) if self.theirs else ""

    @property
    def name(self) -> str:
        """Return the name by which links lead here."""
        return name_of(self.field)


class SectionForm:
    """The form of `fields` over `document`, texts in `language`; bound where `data` is given.

    In another language than Finnish only texts are asked for. `municipality` is the code of the
    one whose own part is written, beside the texts of `common`.
    """

    def __init__(
        self,
        document: Document,
        fields: Iterable[Field],
        language: str = SOURCE_LANGUAGE,
        *,
        municipality: str | None = None,
        common: Document | None = None,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
    ) -> None:
        self.before = document
        self.language, self.municipality, self.common = language, municipality, common
        self.fields = [f for f in fields if f.translatable or language == SOURCE_LANGUAGE]
        self.theirs: dict[Path, Conflict] = {}
        boxes, starts = {}, {}
        self.lists: dict[str, BaseFormSet[Any]] = {}
        for field in self.fields:
            value = value_at(document, self._path(field))
            if (form := FORMS.get(field.kind)) is not None:
                self.lists[name_of(field)] = _SETS[field.kind](
                    data, files, prefix=name_of(field), initial=[form.shown(item) for item in value]
                )
            else:
                boxes[name_of(field)] = box_of(field, value, language if field.translatable else "")
                starts[name_of(field)] = BOXES[field.kind].shown(value)
        kind = type("Boxes", (forms.Form,), boxes)
        self.boxes: forms.Form = kind(data, files, initial=starts)

    def _path(self, field: Field) -> Path:
        return path_of(field, self.language, self.municipality)

    @property
    def media(self) -> forms.Media:
        """Return the scripts and styles that the boxes need."""
        return self.boxes.media

    def is_valid(self) -> bool:
        """Tell whether everything that was given can be kept; every box is looked at."""
        return all([self.boxes.is_valid(), *(one.is_valid() for one in self.lists.values())])

    def rows(self) -> Iterator[Row]:
        """Return the fields in order, each with its box or its items."""
        for field in self.fields:
            name, path = name_of(field), self._path(field)
            source = ""
            if self.language != SOURCE_LANGUAGE:
                source = value_at(self.before, path_of(field, SOURCE_LANGUAGE, self.municipality))
            theirs = next((c for p, c in self.theirs.items() if p[: len(path)] == path), None)
            box = self.boxes[name] if name in self.boxes.fields else None
            asked = field.when is None or field.when.holds(self.before)
            yield Row(field, box, self.lists.get(name), source, theirs, asked, self._common_of(field))

    def _common_of(self, field: Field) -> Any:
        """Return the common text beside a municipality's own: in its language, else in Finnish."""
        if self.municipality is None:
            return None
        both = (path_of(field, one) for one in (self.language, SOURCE_LANGUAGE))
        return next((said for path in both if (said := value_at(self.common or {}, path))), "")

    def document(self) -> Document:
        """Return the document with what was given in the boxes of a valid form."""
        made = copy.deepcopy(self.before)
        for field in self.fields:
            path = self._path(field)
            here: Any = made
            for step in path[:-1]:
                here = here.setdefault(step, {})
            here[path[-1]] = documents.clean(path, self._value(field))
        return made

    def _value(self, field: Field) -> Any:
        name = name_of(field)
        if name not in self.lists:
            return BOXES[field.kind].kept(field, self.boxes.cleaned_data[name])
        identity = FORMS[field.kind].identity
        before = {item[identity]: item for item in value_at(self.before, self._path(field))}
        return [form.item(before) for form in self.lists[name] if form.stays]

    def changes(self) -> Changes:
        """Return what a valid form changes of the document that it was made from."""
        after = documents.normalised(self.document())
        return documents.diff(documents.normalised(self.before), after)

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each error of a refused saving beside its box."""
        for problem in problems:
            field = documents.field_of(problem.path)
            name = name_of(field)
            if name in self.lists:
                self._add_to_item(name, field, problem)
            elif name in self.boxes.fields:
                self.boxes.add_error(name, problem.message)
            else:
                self.boxes.add_error(None, f"{field.label}: {problem.message}")

    def _add_to_item(self, name: str, field: Field, problem: Problem) -> None:
        key = problem.path[2] if len(problem.path) > 2 else None
        identity = FORMS[field.kind].identity
        for form in self.lists[name]:
            if key is not None and str(form.cleaned_data.get(identity)) == key:
                part = problem.path[3] if len(problem.path) > 3 else None
                form.add_error(part if part in form.fields else None, problem.message)
                return
        self.boxes.add_error(None, f"{field.label}: {problem.message}")

    def add_conflicts(self, conflicts: Iterable[Conflict]) -> None:
        """Show beside each box what someone else wrote there meanwhile."""
        self.theirs = {conflict.path: conflict for conflict in conflicts}

    def errors(self) -> list[tuple[str, str, str]]:
        """Return each error with the id of its box and the box's label, in order of the page."""
        found = [("", "", str(error)) for error in self.boxes.non_field_errors()]
        for row in self.rows():
            if row.box is not None:
                found += [(_anchor(row.box), str(row.box.label), str(error)) for error in row.box.errors]
            elif row.items is not None:
                found += _errors_of(row.items, str(row.field.label))
        return found


def _anchor(box: BoundField) -> str:
    """Return the id of a box, or of the group of its boxes."""
    return box.id_for_label or box.auto_id


def _errors_of(items: BaseFormSet[ItemForm], label: str) -> list[tuple[str, str, str]]:
    found = [("", label, str(error)) for error in items.non_form_errors()]
    for number, form in enumerate(items, 1):
        where = _("%(list)s, number %(number)s") % {"list": label, "number": number}
        for name, errors in form.errors.items():
            box = form[name] if name in form.fields else next(iter(form.visible_fields()))
            part = where if name not in form.fields else f"{where}, {box.label}"
            found += [(_anchor(box), part, str(error)) for error in errors]
        if (inner := getattr(form, "dates", None)) is not None and inner.is_bound:
            found += _errors_of(inner, f"{where}, {_('Dates')}")
    return found
