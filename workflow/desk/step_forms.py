"""The steps of a run as small forms: what each asks for, what it does, and what happens then, in words."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock, dates
from orgs.models import Organisation, User
from orgs.pages.action_form import ActionForm, day_field, text_box
from orgs.roles import Capability
from services import publishing
from services.fields import Group, Label
from services.models import Responsibility, Service
from services.tracks import INTERNAL, Track
from workflow import languages, recipients
from workflow.actions import pauses, responsible, reviewing, runs
from workflow.actions.steps import may_take, open_run_of
from workflow.models import Pause, Run, Updater
from workflow.states import TRANSITIONS, Step


class Told:
    """Who hears of the steps of a run, read once for all of them."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def partner(self) -> str:
        """Return the names of those who review."""
        return self._names(Updater.Half.PARTNER)

    @cached_property
    def provider(self) -> str:
        """Return the names of those who write."""
        return self._names(Updater.Half.PROVIDER)

    def _names(self, half: Updater.Half) -> str:
        return ", ".join(person.full_name for person in recipients.of_half(self.run.service, half))


class StepForm(ActionForm):
    """One step that may be taken now; `act` takes it, through the action that checks everything."""

    step: ClassVar[Step]
    tracks: ClassVar[tuple[Track, ...]] = (Track.PUBLIC,)
    title: ClassVar[Label] = ""

    def __init__(self, run: Run, by: User, data: Any = None, *, told: Told | None = None) -> None:
        self.run, self.by, self.told = run, by, told or Told(run)
        super().__init__(data, prefix=self.slug)

    @classmethod
    def capability(cls, track: Track) -> Capability:
        """Return what one must be allowed in order to take it."""
        return TRANSITIONS[track][cls.step].capability

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether the table of steps lets the person take it now."""
        track = Track(run.track)
        if track not in cls.tracks:
            return False
        return run.state in TRANSITIONS[track][cls.step].sources and may(cls.capability(track))


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
        runs.submit(self.run, by=self.by, languages=self.cleaned_data.get("languages", ()))


class ResubmitForm(SubmitForm):
    """Answer what the reviewer asked for."""

    slug, step = "resubmit", Step.RESUBMIT
    button, done = gettext_lazy("Submit again"), gettext_lazy("The content was submitted again.")

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


class ReturnForm(StepForm):
    """Send the content back to the provider."""

    slug, step = "return", Step.RETURN
    title = gettext_lazy("Return to the provider")
    button, done = gettext_lazy("Return"), gettext_lazy("The content was returned to the provider.")
    reason = text_box(gettext_lazy("What should be mended?"))

    def says(self) -> str:
        """Return who gets the words, and what the clock does."""
        words = _("%(names)s gets the text by e-mail. The clock stands still until it is submitted again.")
        return words % {"names": self.told.provider}

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
        return _("The clock goes on at once. %(names)s is told.") % {"names": self.told.provider}

    def act(self) -> None:
        """Take it back."""
        runs.recall(self.run, by=self.by)


class PauseForm(StepForm):
    """Stop the clock for a justified reason."""

    slug, step = "pause", Step.PAUSE
    title = gettext_lazy("Stop the clock for a justified reason")
    button, done = gettext_lazy("Stop the clock"), gettext_lazy("The reason was recorded.")
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Pause.Reason.choices)
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
        return _("%(names)s gets the notice by e-mail.") % {"names": self.told.provider}

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


class ConfirmForm(StepForm):
    """Confirm internal sections as true for the public content as it is now."""

    slug, step = "confirm", Step.CONFIRM_SECTION
    button = gettext_lazy("Confirm the chosen sections")
    done = gettext_lazy("The sections were confirmed.")
    groups = forms.MultipleChoiceField(choices=[(group.value, group.value) for group in Group])

    def act(self) -> None:
        """Confirm them."""
        groups = [Group(value) for value in self.cleaned_data["groups"]]
        reviewing.confirm_sections(self.run, groups, by=self.by)


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


class PublishForm(StepForm):
    """Publish what was looked at."""

    slug, step = "publish", Step.PUBLISH
    button, done = gettext_lazy("Publish now"), gettext_lazy("The service was published.")
    revision = forms.IntegerField(widget=forms.HiddenInput())

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether it is in review, or a draft that nobody but those who publish has written."""
        own = run.state != Run.State.DRAFTING or not reviewing.written_by_others(run)
        return super().offered(run, may) and own

    def says(self) -> str:
        """Return who is told."""
        return _("The pages change at once, and %(names)s is told.") % {"names": self.told.provider}

    def act(self) -> None:
        """Publish it."""
        reviewing.publish(self.run, by=self.by, revision=self.cleaned_data["revision"])


class PublishInstructionsForm(StepForm):
    """Publish the instructions that were looked at, and nothing else."""

    slug, step = "publish-instructions", Step.PUBLISH
    tracks = (Track.INTERNAL, Track.MUNICIPAL)
    button, done = gettext_lazy("Publish the instructions"), gettext_lazy("The instructions were published.")
    revision = forms.IntegerField(widget=forms.HiddenInput())

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether there is a public page to which they belong."""
        return run.service.status == Service.Status.PUBLISHED and super().offered(run, may)

    def says(self) -> str:
        """Return what changes, and what does not."""
        return _("Experts read them at once. The public text stays as it is.")

    def act(self) -> None:
        """Publish them."""
        reviewing.publish(self.run, by=self.by, revision=self.cleaned_data["revision"])


class WithdrawInstructionsForm(StepForm):
    """Give up what was written of the instructions."""

    slug, step = "withdraw-instructions", Step.WITHDRAW
    tracks = (Track.INTERNAL, Track.MUNICIPAL)
    button = gettext_lazy("Withdraw the changes of the instructions")
    done = gettext_lazy("The changes of the instructions were withdrawn.")

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether there is something published that they would become again."""
        return run.service.first_published_at is not None and super().offered(run, may)

    def says(self) -> str:
        """Return what becomes of what was written."""
        return _("The instructions become what is published again. The public text stays as it is.")

    def act(self) -> None:
        """Withdraw them."""
        runs.withdraw(self.run, by=self.by)


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


FORMS: dict[str, type[StepForm]] = {
    form.slug: form
    for form in (
        SubmitForm,
        ResubmitForm,
        TakeForm,
        GiveBackForm,
        PublishForm,
        ConfirmForm,
        TakeAlongForm,
        LeaveForm,
        PublishInstructionsForm,
        WithdrawInstructionsForm,
        ReturnForm,
        RecallForm,
        AcceptForm,
        PassOnForm,
        PauseForm,
        LengthenForm,
        RefuseLongerForm,
        ExtensionForm,
        WithdrawForm,
    )
}


def offered(run: Run, by: User) -> dict[str, StepForm]:
    """Return a form for each step that the person may take now, by its slug."""
    held: dict[Capability, bool] = {}

    def may(capability: Capability) -> bool:
        if capability not in held:
            held[capability] = may_take(by, capability, run)
        return held[capability]

    told = Told(run)
    return {slug: form(run, by, told=told) for slug, form in FORMS.items() if form.offered(run, may)}
