"""The steps of instructions, which nobody reviews: publishing and withdrawing them."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.roles import Capability
from services.models import Service
from services.tracks import Track
from workflow.actions import reviewing, runs
from workflow.desk.step_form import LookedForm, StepForm
from workflow.models import Run
from workflow.states import Step


class PublishInstructionsForm(LookedForm):
    """Publish the instructions that were looked at, and nothing else."""

    slug, step = "publish-instructions", Step.PUBLISH
    tracks = (Track.INTERNAL, Track.MUNICIPAL)
    button, done = gettext_lazy("Publish the instructions"), gettext_lazy("The instructions were published.")

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
