"""The steps of those who write: submitting, answering, withdrawing."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.pages.action_form import text_box
from services import publishing
from workflow import languages
from workflow.actions import runs
from workflow.desk.step_form import StepForm
from workflow.models import Run
from workflow.states import Step


class SubmitForm(StepForm):
    """Submit a draft for review."""

    slug, step = "submit", Step.SUBMIT
    button, done = gettext_lazy("Submit for review"), gettext_lazy("The content was submitted for review.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = publishing.draft_of(self.run.service)
        changed = languages.changed(draft.working, draft.published)
        names = dict(settings.LANGUAGES)
        if len(changed) > 1:
            self.fields["languages"] = forms.MultipleChoiceField(
                label=_("Languages that are ready"),
                choices=[(code, names.get(code, code)) for code in changed],
                initial=changed,
                widget=forms.CheckboxSelectMultiple(),
            )

    def says(self) -> str:
        """Return who will review it, and what it starts."""
        return _("%(names)s gets it to review, and the clock starts.") % {"names": self.told.partner}

    def act(self) -> None:
        """Submit it."""
        given = self.cleaned_data
        reply = given.get("reply", "")
        runs.submit(self.run, by=self.by, languages=given.get("languages", ()), reply=reply)


class ResubmitForm(SubmitForm):
    """Answer what the reviewer asked for."""

    slug, step = "resubmit", Step.RESUBMIT
    button, done = gettext_lazy("Submit again"), gettext_lazy("The content was submitted again.")
    reply = text_box(gettext_lazy("Reply to the reviewer (if you like)"))

    def says(self) -> str:
        """Return who will review it, and that the clock goes on."""
        return _("%(names)s gets it to review, and the clock goes on.") % {"names": self.told.partner}


class WithdrawForm(StepForm):
    """Give the run up."""

    slug, step = "withdraw", Step.WITHDRAW
    button, done = gettext_lazy("Withdraw the changes"), gettext_lazy("The changes were withdrawn.")

    def says(self) -> str:
        """Return what becomes of what was written."""
        if self.run.kind == Run.Kind.NEW:
            return _("The service keeps its draft, and nobody reviews it.")
        return _("What was written is given up, and the draft becomes what is published again.")

    def act(self) -> None:
        """Withdraw it."""
        runs.withdraw(self.run, by=self.by)
