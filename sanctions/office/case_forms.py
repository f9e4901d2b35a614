"""The steps of a case as small forms: what each asks for, what it does, and what happens then, in words."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs import clock, dates, money
from orgs.models import User
from orgs.pages.action_form import ActionForm, day_field, text_box
from orgs.wording import lower_first
from sanctions import moved_cases, proceeding
from sanctions.actions import answering, correcting, deciding
from sanctions.actions.deciding import Discussion
from sanctions.models import Case, Correction, LedgerEntry
from sanctions.proceeding import Stage


class CaseForm(ActionForm):
    """One thing that may be done with a case; `act` does it, through the action that checks everything."""

    kind: ClassVar[str] = "sec"  # of its button
    by_partner: ClassVar[bool] = False  # rather than by who decides

    def __init__(self, case: Case, by: User, data: Any = None, files: Any = None) -> None:
        self.case, self.by = case, by
        super().__init__(data, files, prefix=self.slug)

    @staticmethod
    def fits(case: Case) -> bool:
        """Tell whether it can be done with the case now."""
        return case.is_open


class _Deciding(CaseForm):
    """A decision; of a case that is with the steering group it names the group's own."""

    steering = forms.CharField(
        label=gettext_lazy("Meeting and decision of the steering group"), max_length=300, required=False,
        help_text=gettext_lazy("As it is found in the minutes, for example: Steering group 3/2026, § 4."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.case.with_steering:
            self.fields.pop("steering", None)

    @property
    def resolved(self) -> str:
        """Return the group's decision that was named."""
        return str(self.cleaned_data.get("steering", ""))


class _OfProposal(_Deciding):
    """What is said to a proposal; the form names the step that its reader saw."""

    stage = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].initial = self.case.next_stage

    @staticmethod
    def fits(case: Case) -> bool:
        """Tell whether something is proposed."""
        return case.is_open and case.proposed_on is not None


class GiveForm(_OfProposal):
    """Accept what is proposed."""

    slug, kind = "give", ""
    button, done = (
        gettext_lazy("Accept the proposal"),
        gettext_lazy("The step was given and the partner told."),
    )
    held_on = day_field(label=gettext_lazy("Day of the discussion"))
    held_with = forms.CharField(
        label=gettext_lazy("With whom of the partner"), max_length=200, required=False,
        help_text=gettext_lazy("Name and role."),
    )  # fmt: skip
    text = text_box(gettext_lazy("Grounds, if something must be added"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.next_stage == Stage.DISCUSSION:
            self.fields["text"].label = gettext_lazy("What was said")
        else:
            del self.fields["held_on"], self.fields["held_with"]

    def says(self) -> str:
        """Return what the partner gets, and until when it is to be put right."""
        stage, today = Stage(self.case.next_stage), clock.today()
        said = _("%(partner)s is told: %(stage)s.") % {
            "partner": self.case.partner,
            "stage": stage.label,
        }
        if by := proceeding.put_right_by(stage, today, self.case.terms):
            said += " " + _("It must be put right by %(day)s.") % {"day": dates.date(by)}
        if (amount := deciding.amount_proposed(self.case)) is not None:
            said += " " + _("A sanction of %(amount)s goes into the ledger.") % {
                "amount": money.euros(amount)
            }
        return said

    def act(self) -> None:
        """Give it."""
        given = self.cleaned_data
        discussion = Discussion(given.get("held_on"), given.get("held_with", ""))
        deciding.give(
            self.case, given["stage"], by=self.by, text=given["text"], steering=self.resolved,
            discussion=discussion,
        )  # fmt: skip


class PostponeForm(_OfProposal):
    """Leave it until a day."""

    slug = "postpone"
    button, done = gettext_lazy("Postpone"), gettext_lazy("The proposal was postponed.")
    until = day_field(label=gettext_lazy("Until"))
    text = text_box(gettext_lazy("Reason"))
    steering = None  # type: ignore[assignment]  # postponing decides nothing

    def says(self) -> str:
        """Return when it comes back."""
        return _("It is proposed again on that day, unless the matter has been put right.")

    def act(self) -> None:
        """Postpone it."""
        given = self.cleaned_data
        deciding.postpone(self.case, given["stage"], by=self.by, until=given["until"], text=given["text"])


class CloseForm(_Deciding):
    """Close it as put right."""

    slug = "close"
    button, done = (
        gettext_lazy("Put right, close the case"),
        gettext_lazy("The case was closed as put right."),
    )
    on = day_field(label=gettext_lazy("Put right on"))
    text = text_box(gettext_lazy("How"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()

    def says(self) -> str:
        """Return what it does to what the case rests on."""
        if self.case.half_year:
            return _(
                "The absences stay on record and count on in the year. No sanction is proposed for this "
                "half-year again."
            )
        return _("The partner is told by letter where a step was given, and the case stays on record.")

    def act(self) -> None:
        """Close it."""
        given = self.cleaned_data
        deciding.close(self.case, by=self.by, on=given["on"], text=given["text"], steering=self.resolved)


class ExemptForm(_Deciding):
    """Exempt the partner."""

    slug = "exempt"
    button, done = gettext_lazy("Exempt for a justified reason"), gettext_lazy("The partner was exempted.")
    text = text_box(gettext_lazy("Justified reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (found := moved_cases.moved(self.case)) is not None:
            self.fields["text"].initial = found.reason

    def act(self) -> None:
        """Exempt it."""
        deciding.exempt(self.case, by=self.by, text=self.cleaned_data["text"], steering=self.resolved)


class _OfCorrection(CaseForm):
    """What is said to a correction that is proposed."""

    @staticmethod
    def fits(case: Case) -> bool:
        """Tell whether one is proposed."""
        return case.corrections.filter(state=Correction.State.PROPOSED).exists()

    @property
    def correction(self) -> Correction:
        """Return the correction; one that lapsed meanwhile is refused by the action."""
        return self.case.corrections.order_by("pk").last() or Correction(case=self.case)


class CorrectForm(_OfCorrection):
    """Correct what does not stand."""

    slug, kind = "correct", ""
    button = gettext_lazy("Make the correction")
    done = gettext_lazy("The case was corrected and the partner told by letter.")
    text = text_box(gettext_lazy("Grounds, if something must be added"))

    def says(self) -> str:
        """Return what becomes void, and what is credited."""
        one = self.correction
        said = []
        if one.void:
            steps = [lower_first(str(Stage(stage).label)) for stage in one.void]
            said.append(_("Void: %(steps)s.") % {"steps": ", ".join(steps)})
        if one.credits and (entry := self.case.ledger.filter(kind=LedgerEntry.Kind.SANCTION).first()):
            left = {"amount": money.euros(entry.left)}
            said.append(_("%(amount)s is credited in the ledger.") % left)
        return " ".join(said)

    def act(self) -> None:
        """Correct it."""
        correcting.give(self.correction, by=self.by, text=self.cleaned_data["text"])


class RefuseCorrectionForm(_OfCorrection):
    """Leave it as it is."""

    slug = "keep"
    button, done = gettext_lazy("Leave it as it is"), gettext_lazy("The case stays as it is.")
    text = text_box(gettext_lazy("Reason"))

    def act(self) -> None:
        """Refuse the correction."""
        correcting.refuse(self.correction, by=self.by, text=self.cleaned_data["text"])


class ReopenForm(CaseForm):
    """Open a case again that was ended by mistake."""

    slug = "reopen"
    button = gettext_lazy("Open the case again")
    done = gettext_lazy("The case goes on, and the partner was told by letter.")
    text = text_box(gettext_lazy("Why it was ended by mistake"))

    @staticmethod
    def fits(case: Case) -> bool:
        """Tell whether it was ended by hand, and something may still follow."""
        return case.state in correcting.REOPENS

    def act(self) -> None:
        """Open it."""
        correcting.reopen(self.case, by=self.by, text=self.cleaned_data["text"])


class SteeringForm(CaseForm):
    """Take it to the steering group."""

    slug = "steering"
    button = gettext_lazy("Take to the steering group")
    done = gettext_lazy("The case is marked for the steering group.")
    text = text_box(gettext_lazy("What is unclear"))

    @staticmethod
    def fits(case: Case) -> bool:
        """Tell whether it is still to be taken there."""
        return case.is_open and not case.with_steering

    def act(self) -> None:
        """Mark it."""
        deciding.take_to_steering(self.case, by=self.by, text=self.cleaned_data["text"])


class AnswerForm(CaseForm):
    """Answer for the partner."""

    slug, kind, by_partner = "answer", "", True
    button, done = (
        gettext_lazy("Send the answer"),
        gettext_lazy("Your answer was sent to the project manager."),
    )
    text = forms.CharField(
        label=gettext_lazy("Your answer"), widget=forms.Textarea({"rows": 6}), max_length=8000, required=False
    )
    file = forms.FileField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("At most 10 MB."),
    )

    @staticmethod
    def fits(_case: Case) -> bool:
        """Answer at any time, also after the case has closed."""
        return True

    def act(self) -> None:
        """Send it."""
        file = self.cleaned_data["file"]
        evidence = answering.Evidence(file.name, file.read()) if file else None
        answering.answer(self.case, by=self.by, text=self.cleaned_data["text"], evidence=evidence)


FORMS: dict[str, type[CaseForm]] = {
    form.slug: form
    for form in (
        *(CorrectForm, RefuseCorrectionForm, GiveForm, PostponeForm, CloseForm, ExemptForm, SteeringForm),
        *(ReopenForm, AnswerForm),
    )
}
