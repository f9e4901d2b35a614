"""An action as a small form: what it asks for, what it does, and what happens then, in words."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from services.fields import Label
from services.publishing import PublicationRefused
from workflow.actions.steps import Refused
from workflow.desk.common import add_refusal


def text_box(label: Any, **more: Any) -> forms.CharField:
    """Return a form field for some sentences; what must be written, the action says."""
    return forms.CharField(
        label=label, widget=forms.Textarea({"rows": 3}), max_length=4000, required=False, **more
    )


class ActionForm(forms.Form):
    """Something that may be done now; `act` does it, through the action that checks everything."""

    slug: ClassVar[str]
    button: ClassVar[Label]
    done: ClassVar[Label]

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
        except (Refused, PublicationRefused) as error:
            self.add_error(None, str(error))
        return not self.errors
