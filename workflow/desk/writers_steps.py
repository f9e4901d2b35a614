"""The steps of those who write: submitting, answering, withdrawing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock, dates
from orgs.localised import language_names
from orgs.pages.action_form import text_box
from orgs.roles import Capability
from services import access
from services.tracks import Track
from workflow import composition
from workflow.actions import bringing_back, run_languages, runs
from workflow.desk.step_form import StepForm
from workflow.models import Run
from workflow.states import Step


class SubmitForm(StepForm):
    """Submit a draft for review."""

    slug, step = "submit", Step.SUBMIT
    button, done = gettext_lazy("Submit for review"), gettext_lazy("The content was submitted for review.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = composition.of_draft(self.run, self.facts.carried.draft).languages
        if len(written) > 1:
            ready = self.facts.carried.languages
            self.fields["languages"] = _boxes(_("Languages to submit"), written, ready)

    def says(self) -> str:
        """Return who will review it, and what it starts."""
        return _("%(names)s gets it to review, and the clock starts.") % {"names": self.facts.partner}

    def act(self) -> None:
        """Submit it."""
        given = self.cleaned_data
        reply = given.get("reply", "")
        runs.submit(self.run, by=self.by, languages=given.get("languages", ()), reply=reply)


class BringBackForm(StepForm):
    """Take withdrawn changes back."""

    slug, step, closed = "bring-back", Step.BRING_BACK, True
    tracks = tuple(Track)
    button, done = gettext_lazy("Take the changes back"), gettext_lazy("The changes are a draft again.")

    def says(self) -> str:
        """Return until when, and what becomes of it."""
        assert self.run.closed_at is not None
        until = (self.run.closed_at + bringing_back.LASTS).astimezone(clock.ZONE)
        words = _("They become a draft again. This is possible until %(day)s %(time)s.")
        return words % {"day": dates.date(until), "time": dates.time(until)}

    def act(self) -> None:
        """Take them back."""
        bringing_back.bring_back(self.run, by=self.by)


class AddLanguagesForm(StepForm):
    """Take what was written in more languages into the review."""

    slug, step = "add-languages", Step.ADD_LANGUAGES
    button = gettext_lazy("Take them into the review")
    done = gettext_lazy("More languages are in review now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = self.facts.carried.left_languages
        if len(self.left) > 1:
            self.fields["languages"] = _boxes(_("Languages to take along"), self.left, self.left)

    def is_of_use(self) -> bool:
        """Tell whether there are words that the person may take along."""
        if not self.left:
            return False
        may_publish = access.may(self.by, Capability.PUBLISH, self.run.service)
        return not run_languages.is_for_others(self.run, may_publish=may_publish)

    def says(self) -> str:
        """Return who is told, and what is confirmed again."""
        words = _("%(names)s is told, and confirms the internal sections again.")
        return words % {"names": self.facts.partner}

    def act(self) -> None:
        """Take them along."""
        chosen = self.cleaned_data.get("languages", self.left)
        run_languages.add_languages(self.run, chosen, by=self.by)


def _boxes(label: str, codes: Iterable[str], ticked: Iterable[str]) -> forms.MultipleChoiceField:
    """Return a box for each language."""
    return forms.MultipleChoiceField(
        label=label,
        choices=[(code, capfirst(language_names([code]))) for code in codes],
        initial=list(ticked),
        widget=forms.CheckboxSelectMultiple(),
    )


class ResubmitForm(SubmitForm):
    """Answer what the reviewer asked for."""

    slug, step = "resubmit", Step.RESUBMIT
    button, done = gettext_lazy("Submit again"), gettext_lazy("The content was submitted again.")
    reply = text_box(gettext_lazy("Reply to the reviewer (if you like)"))

    def says(self) -> str:
        """Return who will review it, and that the clock goes on."""
        return _("%(names)s gets it to review, and the clock goes on.") % {"names": self.facts.partner}


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
