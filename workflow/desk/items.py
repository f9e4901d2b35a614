"""Forms for the items of a field's list: languages, contacts, links and attachments; times are next door.

Each form makes of an item what its boxes start with, and an item of what was given. What an item
holds in languages that the interface does not have is kept as it was.
"""

import re
import uuid
from collections.abc import Mapping
from itertools import count
from pathlib import PurePosixPath
from typing import Any, TypeVar, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from orgs.localised import SOURCE_LANGUAGE
from orgs.texts_form import TextsFormField
from services import attachments, files, limits
from services.parts import ContactKind
from workflow.desk.boxes import municipalities, terms

Item = dict[str, Any]
Form = TypeVar("Form", bound="ItemForm")


def texts_field(label: Any, **more: Any) -> TextsFormField:
    """Return a form field for a short text in each language."""
    return TextsFormField(label=label, required=False, longest=limits.ITEM_TEXT, **more)


class ItemForm(forms.Form):
    """One item of a list. `item` of a valid form is the item as documents hold it."""

    identity = "id"  # the part that tells the items of the list apart
    id = forms.UUIDField(required=False, widget=forms.HiddenInput())
    texts: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for box in self.fields.values():
            box.widget.is_required = False

    @classmethod
    def shown(cls, item: Item) -> dict[str, Any]:
        """Return what the boxes start with."""
        return dict(item)

    @property
    def stays(self) -> bool:
        """Tell whether a valid form's item is in the list: neither ticked for removal nor left empty."""
        return not self.cleaned_data.get("DELETE") and bool(self.initial or self.has_changed())

    def item(self, before: Mapping[str, Item]) -> Item:
        """Return the item; `before` are the list's items by identity, as they were."""
        made = self.plain()
        if "id" in self.fields:
            # The numbers of items are ours: of those that a page sends only the list's own count.
            sent = str(self.cleaned_data["id"])
            made["id"] = sent if sent in before else str(uuid.uuid4())
        for name in self.texts:
            old = before.get(made[self.identity], {}).get(name, {})
            boxes = self.fields[name].widget.widgets_names
            others = {code: text for code, text in old.items() if f"_{code}" not in boxes}
            made[name] = others | self.cleaned_data[name]
        return made

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        raise NotImplementedError


class ItemForms(BaseFormSet[Form]):
    """The forms of a list, as many as really came: what a page claims beyond them makes none."""

    @cached_property
    def _sent(self) -> int:
        """Return how many forms came: pages number them without gaps."""
        beginning = re.compile(rf"{re.escape(self.prefix or '')}-(\d+)-")
        names = [*self.data, *self.files]
        numbers = {int(found[1]) for name in names if (found := beginning.match(name))}
        return next(number for number in count() if number not in numbers)

    def total_form_count(self) -> int:
        """Return the number of forms."""
        claimed = super().total_form_count()
        return min(claimed, self._sent) if self.is_bound else claimed


def item_forms(form: type[Form], *, most: int, empty: int) -> type[ItemForms[Form]]:
    """Return the forms of a list of at most so many items, with `empty` ones to be written."""
    made = formset_factory(
        form, formset=ItemForms, extra=empty, can_delete=True, max_num=most, absolute_max=most + 20
    )
    return cast("type[ItemForms[Form]]", made)


class LanguageForm(ItemForm):
    """A language in which the service is given, and the level that it takes."""

    identity = "language"
    language = forms.ChoiceField(label=_("Language"))
    level = forms.ChoiceField(label=_("Level"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["id"]
        for name, vocabulary in (("language", "service_language"), ("level", "language_level")):
            box = self.fields[name]
            assert isinstance(box, forms.ChoiceField)
            box.choices = [("", _("Not chosen")), *terms(vocabulary)]

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        return {"language": self.cleaned_data["language"], "level": self.cleaned_data["level"] or None}


class ContactForm(ItemForm):
    """A named person or an organisation's common contact."""

    texts = ("title", "info")
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, initial=ContactKind.ORGANISATION)
    name = forms.CharField(label=_("Name"), max_length=150)
    title = texts_field(_("Title or task"))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    municipality = forms.ChoiceField(label=_("For customers of the municipality"), required=False)
    info = texts_field(_("When to call, what to ask"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["municipality"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", _("All municipalities")), *municipalities()]

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        names = ("kind", "name", "phone", "email")
        return {name: self.cleaned_data[name] for name in names} | {
            "municipality": self.cleaned_data["municipality"] or None
        }


def _check_finnish(texts: Mapping[str, str]) -> None:
    if not texts.get(SOURCE_LANGUAGE):
        raise ValidationError(_("The Finnish text is missing. Other languages fall back to it."))


class LinkForm(ItemForm):
    """A link with its title."""

    texts = ("title",)
    title = texts_field(_("Title"))
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")

    def clean_title(self) -> dict[str, str]:
        """Ask for the Finnish title."""
        texts: dict[str, str] = self.cleaned_data["title"]
        _check_finnish(texts)
        return texts

    def clean_url(self) -> str:
        """Refuse other addresses than those of web pages."""
        url: str = self.cleaned_data["url"]
        if not url.startswith(("http://", "https://")):
            raise ValidationError(_("Write the address of a web page, like https://suomi.fi."))
        return url

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        return {"url": self.cleaned_data["url"]}


_FILE = ("filename", "content_type", "size", "sha256")


class AttachmentForm(ItemForm):
    """A file with its title.

    What was sent is kept at once, and `stored` says, signed, what it is: a page that comes back
    with an error elsewhere does not ask for the file again.
    """

    texts = ("title",)
    title = texts_field(_("Title"))
    content = forms.FileField(label=_("File"), required=False, allow_empty_file=False)
    stored = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = ",".join(attachments.CONTENT_TYPES)
        self.fields["content"].widget.attrs["accept"] = endings
        self.fields["content"].help_text = _("At most 50 MB. These may be attached: %(endings)s") % {
            "endings": ", ".join(ending.removeprefix(".") for ending in attachments.CONTENT_TYPES)
        }

    @classmethod
    def shown(cls, item: Item) -> dict[str, Any]:
        """Return what the boxes start with."""
        return dict(item) | {"stored": signing.dumps({name: item[name] for name in _FILE})}

    @property
    def file(self) -> Item | None:
        """Return what is known of the file that the item has, also before the form is valid."""
        try:
            found: Item = signing.loads(self["stored"].value() or "")
        except signing.BadSignature:
            return None
        return found

    def clean_title(self) -> dict[str, str]:
        """Ask for the Finnish title."""
        texts: dict[str, str] = self.cleaned_data["title"]
        _check_finnish(texts)
        return texts

    def clean_content(self) -> "UploadedFile[Any] | None":
        """Keep a new file, after a look at whether it is what its name says."""
        upload: UploadedFile[Any] | None = self.cleaned_data["content"]
        if upload is None:
            return None
        name = PurePosixPath(upload.name or "").name
        kind = attachments.content_type_of(name)
        if kind is None:
            raise ValidationError(_("Such files may not be attached. Save it as PDF, for example."))
        if not attachments.begins_as_named(name, upload.read(attachments.BEGINNING)):
            message = _("The file is not what its ending says. Open it and save it anew, then attach it.")
            raise ValidationError(message)
        if (upload.size or 0) > attachments.MAX_SIZE:
            raise ValidationError(_("The file is larger than 50 MB. Make it smaller."))
        upload.seek(0)
        try:
            digest, size = files.store(upload.file)  # type: ignore[arg-type]
        except files.NotKept as error:
            message = _("The file could not be kept just now. Save your other changes, and attach it later.")
            raise ValidationError(message) from error
        file = {"filename": name, "content_type": kind, "size": size, "sha256": digest}
        sent = QueryDict(mutable=True)
        sent.update(cast("QueryDict", self.data))  # type: ignore[arg-type]
        sent[self.add_prefix("stored")] = signing.dumps(file)
        self.data = sent
        return upload

    def clean(self) -> dict[str, Any]:
        """Check what belongs together."""
        if not self.errors and self.file is None:
            self.add_error("content", _("Choose the file."))
        elif (
            self.file
            and self.file["sha256"] != self.initial.get("sha256")
            and not files.has_size(self.file["sha256"], self.file["size"])
        ):  # it was given in a form that lay open for over a week
            self.add_error("content", _("The file is not kept any more. Choose it again."))
        return self.cleaned_data

    def plain(self) -> Item:
        """Return the parts that are the same in every language."""
        assert self.file is not None, "a valid form has its file"
        return self.file
