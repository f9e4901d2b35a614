"""The steps of a run as small forms, by their slugs, and which of them a person may take now."""

from typing import Any

from orgs.models import User
from orgs.roles import Capability
from workflow.actions.steps import may_take
from workflow.composition import Composition
from workflow.desk.clock_steps import ExtensionForm, LengthenForm, PauseForm, RefuseLongerForm
from workflow.desk.instruction_steps import PublishInstructionsForm, WithdrawInstructionsForm
from workflow.desk.reviewers_steps import (
    AcceptForm,
    ConfirmForm,
    GiveBackForm,
    LeaveForm,
    PassOnForm,
    PublishForm,
    RecallForm,
    ReturnForm,
    ScheduleForm,
    TakeAlongForm,
    TakeForm,
    UnscheduleForm,
)
from workflow.desk.step_form import Facts, StepForm
from workflow.desk.writers_steps import (
    AddLanguagesForm,
    BringBackForm,
    ResubmitForm,
    SubmitForm,
    WithdrawForm,
)
from workflow.models import Run

FORMS: dict[str, type[StepForm]] = {
    form.slug: form
    for form in (
        SubmitForm,
        ResubmitForm,
        AddLanguagesForm,
        TakeForm,
        GiveBackForm,
        PublishForm,
        ScheduleForm,
        UnscheduleForm,
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
        BringBackForm,
    )
}


def offered(
    run: Run, by: User, data: Any = None, *, carried: Composition | None = None
) -> dict[str, StepForm]:
    """Return a form for each step that the person may take now, by its slug; `data` as of a POST.

    `carried` is what the run carries, where that has been read already.
    """
    held: dict[Capability, bool] = {}

    def may(capability: Capability) -> bool:
        if capability not in held:
            held[capability] = may_take(by, capability, run)
        return held[capability]

    facts = Facts(run, carried)
    fitting = {slug: form for slug, form in FORMS.items() if form.offered(run, may)}
    forms = {slug: form(run, by, data, facts=facts) for slug, form in fitting.items()}
    return {slug: form for slug, form in forms.items() if form.is_of_use()}
