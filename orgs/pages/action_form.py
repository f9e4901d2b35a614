"""An action as a small form: what it asks for, what it does, and what happens then, in words."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from orgs.refused import Refused


def text_box(label: Any, **more: Any) -> forms.CharField:
    """Return a form field for some sentences; what must be written, the action says."""
    return forms.CharField(
        label=label, widget=forms.Textarea({"rows": 3}), max_length=4000, required=False, **more
    )


def day_field(*, required: bool = False, **more: Any) -> forms.DateField:
    """Return a form field for a date, with the browser's own calendar."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, required=required, **more)


def add_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action found wrong beside the boxes that it names, on top where there is no such box."""
    known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else ValidationError(error.messages))


class ActionForm(forms.Form):
    """Something that may be done now; `act` does it, through the action that checks everything."""

    slug: ClassVar[str]
    button: ClassVar[str | Promise]
    done: ClassVar[str | Promise]

    def says(self) -> str:
        """Return what happens next, and to whom."""
        return ""

    def act(self) -> None:
        """Do it."""
        raise NotImplementedError

    def taken(self) -> bool:
        """Do it if everything that it needs was given; else put the reasons into the form."""
        if not self.is_valid():
            return False
        try:
            self.act()
        except ValidationError as error:
            add_refusal(self, error)
        except Refused as error:
            self.add_error(None, str(error))
        return not self.errors
