"""The steps that bear on a run's clock: stopping it, the longer terms, telling that it takes longer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock, dates
from orgs.pages.action_form import day_field, text_box
from orgs.roles import Capability
from workflow.actions import pauses
from workflow.desk.step_form import StepForm
from workflow.models import Pause, Run
from workflow.states import Step


class PauseForm(StepForm):
    """Stop the clock for a justified reason."""

    slug, step = "pause", Step.PAUSE
    title = gettext_lazy("Stop the clock for a justified reason")
    button, done = gettext_lazy("Stop the clock"), gettext_lazy("The reason was recorded.")
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[(one.value, one.label) for one in pauses.BY_HAND]
    )
    text = text_box(gettext_lazy("What is being clarified?"))
    first_day = day_field(label=gettext_lazy("From what day (today, if left empty)"))
    until = day_field(label=gettext_lazy("The clock went again on (only if it is over)"))

    def says(self) -> str:
        """Return which reasons count at once."""
        return _(
            "A reason that begins today counts at once. Earlier days and another reason count when the"
            " project manager has accepted them."
        )

    def act(self) -> None:
        """Record it."""
        given = self.cleaned_data
        pauses.pause(
            self.run,
            by=self.by,
            reason=Pause.Reason(given["reason"]),
            text=given["text"],
            first_day=given["first_day"],
            until=given["until"],
        )


class LengthenForm(StepForm):
    """Take the longer track."""

    slug, step = "lengthen", Step.LENGTHEN
    title = gettext_lazy("The instructions need separate clarification")
    button, done = gettext_lazy("Take the longer terms"), gettext_lazy("The longer terms hold.")
    reason = text_box(gettext_lazy("What must be clarified?"))

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether the shorter terms hold and can still be left."""
        late = run.due_on is not None and run.due_on < clock.today()
        shorter = run.kind == Run.Kind.UPDATE and not run.longer and not run.longer_refused
        return super().offered(run, may) and shorter and not late

    def says(self) -> str:
        """Return whose word it needs."""
        return _("The project manager is told and may refuse it. The provider is told, too.")

    def act(self) -> None:
        """Take them."""
        pauses.lengthen(self.run, by=self.by, reason=self.cleaned_data["reason"])


class ExtensionForm(StepForm):
    """Tell the provider that it takes longer."""

    slug, step = "extension", Step.EXTEND
    title = gettext_lazy("Tell the provider that it takes longer")
    button, done = gettext_lazy("Send the notice"), gettext_lazy("The provider was told.")
    text = text_box(gettext_lazy("Why does it take longer?"))
    estimate_on = day_field(label=gettext_lazy("New estimate"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pause = next((one for one in self.run.pauses.all() if one.until is None), None)
        if self.run.due_on is not None:
            draft = _("Publication takes longer than agreed: it was to be published by %(day)s.")
            self.initial["text"] = draft % {"day": dates.date(self.run.due_on)}
        if pause is not None:
            self.initial["text"] = f"{self.initial.get('text', '')} {pause.text}".strip()

    def says(self) -> str:
        """Return who gets the notice."""
        return _("%(names)s gets the notice by e-mail.") % {"names": self.facts.provider}

    def clean_estimate_on(self) -> Any:
        """Ask for the day."""
        day = self.cleaned_data["estimate_on"]
        if day is None:
            raise ValidationError(_("Give a day that is still to come."))
        return day

    def act(self) -> None:
        """Send it."""
        given = self.cleaned_data
        pauses.tell_extension(self.run, by=self.by, text=given["text"], estimate_on=given["estimate_on"])


class RefuseLongerForm(StepForm):
    """Take the longer terms back: the project manager's to do."""

    slug, step = "refuse-longer", Step.REFUSE_LONGER
    title = gettext_lazy("Refuse the longer terms")
    button, done = gettext_lazy("Refuse the longer terms"), gettext_lazy("The shorter terms hold again.")
    reason = text_box(gettext_lazy("Why?"))

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether there are longer terms that the person may refuse."""
        return run.longer and super().offered(run, may)

    def act(self) -> None:
        """Refuse them."""
        pauses.refuse_longer(self.run, by=self.by, reason=self.cleaned_data["reason"])
