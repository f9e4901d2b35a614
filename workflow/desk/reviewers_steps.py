"""The steps of those who review: taking, confirming, returning, publishing, and the first review of all."""

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock
from orgs.models import Organisation
from orgs.pages.action_form import day_field, text_box
from orgs.roles import Capability
from services.fields import Group
from services.models import Responsibility
from services.tracks import INTERNAL
from workflow.actions import responsible, reviewing, runs
from workflow.actions.steps import open_run_of
from workflow.desk.step_form import LookedForm, StepForm
from workflow.models import Run
from workflow.states import Step


class ReturnForm(StepForm):
    """Send the content back to the provider."""

    slug, step = "return", Step.RETURN
    title = gettext_lazy("Return to the provider")
    button, done = gettext_lazy("Return"), gettext_lazy("The content was returned to the provider.")
    reason = text_box(gettext_lazy("What should be mended?"))

    def says(self) -> str:
        """Return who gets the words, and what the clock does."""
        words = _("%(names)s gets the text by e-mail. The clock stands still until it is submitted again.")
        return words % {"names": self.facts.provider}

    def act(self) -> None:
        """Return it."""
        runs.return_to_provider(self.run, by=self.by, reason=self.cleaned_data["reason"])


class RecallForm(StepForm):
    """Take the content back without waiting for the provider."""

    slug, step = "recall", Step.RECALL
    button = gettext_lazy("Take back into review")
    done = gettext_lazy("The content is in review again.")

    def says(self) -> str:
        """Return what it sets going."""
        return _("The clock goes on at once. %(names)s is told.") % {"names": self.facts.provider}

    def act(self) -> None:
        """Take it back."""
        runs.recall(self.run, by=self.by)


class ConfirmForm(LookedForm):
    """Confirm internal sections as true for the public content as it is now."""

    slug, step = "confirm", Step.CONFIRM_SECTION
    button = gettext_lazy("Confirm the chosen sections")
    done = gettext_lazy("The sections were confirmed.")
    groups = forms.MultipleChoiceField(choices=[(group.value, group.value) for group in Group])

    def act(self) -> None:
        """Confirm them."""
        groups = [Group(value) for value in self.cleaned_data["groups"]]
        given = self.cleaned_data
        reviewing.confirm_sections(
            self.run, groups, by=self.by, revision=given["revision"], seal=given["seal"]
        )


class TakeForm(StepForm):
    """Take a run to read, or over from whoever has it."""

    slug, step = "take", Step.TAKE
    button, done = gettext_lazy("Take it to read"), gettext_lazy("The others see that you are reading this.")

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether there is something to read."""
        return run.state == Run.State.IN_REVIEW and super().offered(run, may)

    def act(self) -> None:
        """Take it."""
        reviewing.take(self.run, by=self.by)


class GiveBackForm(StepForm):
    """Give a run back that one has taken."""

    slug, step = "give-back", Step.TAKE
    button, done = gettext_lazy("Give it back"), gettext_lazy("Others can take this to read now.")

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether someone has it."""
        return run.taken_by_id is not None and super().offered(run, may)

    def act(self) -> None:
        """Give it back."""
        reviewing.give_back(self.run, by=self.by)


class PublishForm(LookedForm):
    """Publish what was looked at."""

    slug, step = "publish", Step.PUBLISH
    button, done = gettext_lazy("Publish now"), gettext_lazy("The service was published.")

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether it is in review, or a draft that nobody but those who publish has written."""
        own = run.state != Run.State.DRAFTING or not reviewing.written_by_others(run)
        return super().offered(run, may) and own

    def says(self) -> str:
        """Return who is told."""
        return _("The pages change at once, and %(names)s is told.") % {"names": self.facts.provider}

    def act(self) -> None:
        """Publish it."""
        given = self.cleaned_data
        reviewing.publish(self.run, by=self.by, revision=given["revision"], seal=given["seal"])


class ScheduleForm(PublishForm):
    """Publish what was looked at, at a set time."""

    slug, step = "schedule", Step.SCHEDULE
    title = gettext_lazy("Publish at a set time")
    button = gettext_lazy("Publish at this time")
    done = gettext_lazy("The content is published at the time that you set.")
    day = day_field(label=gettext_lazy("Day"))
    time = forms.TimeField(
        label=gettext_lazy("Time of day"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether it could be published now, and no time is set yet."""
        return run.publish_at is None and super().offered(run, may)

    def says(self) -> str:
        """Return what is looked at again, and what stops it."""
        return _("Everything is checked again then. If the content changes before, it is not published.")

    def clean(self) -> dict[str, Any]:
        """Ask for both."""
        given = super().clean() or self.cleaned_data
        for name in ("day", "time"):
            if name not in self.errors and given.get(name) is None:
                self.add_error(name, _("Give the day and the time of day."))
        return given

    def act(self) -> None:
        """Approve it for that time."""
        given = self.cleaned_data
        at = datetime.datetime.combine(given["day"], given["time"], clock.ZONE)
        reviewing.schedule(self.run, by=self.by, at=at, revision=given["revision"], seal=given["seal"])


class UnscheduleForm(StepForm):
    """Take a set time away."""

    slug, step = "unschedule", Step.UNSCHEDULE
    button = gettext_lazy("Don't publish at a set time")
    done = gettext_lazy("The content is not published at a set time any more.")

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether a time is set."""
        return run.publish_at is not None and super().offered(run, may)

    def act(self) -> None:
        """Take it away."""
        reviewing.unschedule(self.run, by=self.by)


class _AlongForm(StepForm):
    """For those who publish a text beside changed instructions that are not published yet."""

    step = Step.TAKE_ALONG
    instructions: ClassVar[bool]

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether there is a draft of the instructions, and another answer was given before."""
        if run.with_instructions is cls.instructions or run.service.first_published_at is None:
            return False
        return super().offered(run, may) and open_run_of(run.service, INTERNAL) is not None

    def act(self) -> None:
        """Write the answer down."""
        reviewing.take_along(self.run, by=self.by, instructions=self.instructions)


class TakeAlongForm(_AlongForm):
    """Publish the changed instructions with the public text."""

    slug, instructions = "take-along", True
    button = gettext_lazy("Publish the changed instructions along")
    done = gettext_lazy("The changed instructions are published with the public text.")


class LeaveForm(_AlongForm):
    """Leave the changed instructions a draft."""

    slug, instructions = "leave", False
    button = gettext_lazy("Leave the changed instructions a draft")
    done = gettext_lazy("The changed instructions stay a draft.")


class _ResponsibilityForm(StepForm):
    """For those who review a service whose responsible partner was only proposed."""

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether the responsibility waits for the partner's word."""
        proposed = run.service.responsibilities.order_by("pk").last()
        return proposed is not None and proposed.is_proposal and super().offered(run, may)


class AcceptForm(_ResponsibilityForm):
    """Take the responsibility that a provider proposed."""

    slug, step = "accept", Step.ACCEPT
    title = gettext_lazy("Accept the responsibility")
    button, done = gettext_lazy("Accept"), gettext_lazy("Your partner is responsible for the service now.")
    basis = forms.ChoiceField(
        label=gettext_lazy("Why your partner is responsible"),
        choices=[("", gettext_lazy("Not chosen")), *Responsibility.Basis.choices],
        required=False,
    )
    decision = forms.CharField(
        label=gettext_lazy("The decision that this rests on"), max_length=500, required=False
    )

    def act(self) -> None:
        """Accept it."""
        given = self.cleaned_data
        responsible.accept(self.run, basis=given["basis"], decision=given["decision"], by=self.by)


class PassOnForm(_ResponsibilityForm):
    """Propose another partner."""

    slug, step = "pass-on", Step.PASS_ON
    title = gettext_lazy("Pass it on to another partner")
    button, done = gettext_lazy("Pass on"), gettext_lazy("The service was passed on.")
    partner = forms.ModelChoiceField(
        label=gettext_lazy("Partner"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["partner"]
        assert isinstance(chooser, forms.ModelChoiceField)
        partners = Organisation.objects.open().filter(kind=Organisation.Kind.PARTNER)
        chooser.queryset = partners.exclude(pk=self.run.service.responsible_partner_id or 0)

    def clean_partner(self) -> Organisation:
        """Ask for the partner."""
        partner: Organisation | None = self.cleaned_data["partner"]
        if partner is None:
            raise ValidationError(_("Choose a partner of the agreement."))
        return partner

    def act(self) -> None:
        """Pass it on."""
        responsible.pass_on(self.run, self.cleaned_data["partner"], by=self.by)
