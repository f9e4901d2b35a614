"""What every step of a run is as a small form: who may take it now, what it asks for, what happens then."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django import forms

from orgs.models import User
from orgs.pages.action_form import ActionForm
from orgs.roles import Capability
from services import publishing
from services.fields import Label
from services.tracks import Track
from workflow import composition, recipients
from workflow.composition import Composition
from workflow.models import Run, Updater
from workflow.states import TRANSITIONS, Step

PAGE_FORM = "steps"  # the id of the form in which all steps of a run of the public track stand


class Facts:
    """What the forms of a run ask, read once for all of them: who hears of it, and what it carries."""

    def __init__(self, run: Run, carried: Composition | None = None) -> None:
        self.run, self._carried = run, carried

    @cached_property
    def carried(self) -> Composition:
        """Return what the run carries now."""
        return self._carried or composition.of_run(self.run, publishing.draft_of(self.run.service))

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
    closed: ClassVar[bool] = False  # is it of runs that were withdrawn

    def __init__(self, run: Run, by: User, data: Any = None, *, facts: Facts | None = None) -> None:
        self.run, self.by, self.facts = run, by, facts or Facts(run)
        super().__init__(data, prefix=self.slug)
        if run.track == Track.PUBLIC:
            # All steps of a review share one form of the page: whatever is pressed, nothing typed is lost.
            for field in self.fields.values():
                field.widget.attrs["form"] = PAGE_FORM

    @classmethod
    def capability(cls, track: Track) -> Capability:
        """Return what one must be allowed in order to take it."""
        return TRANSITIONS[track][cls.step].capability

    def is_of_use(self) -> bool:
        """Tell whether it has anything to do, as far as the table of steps can't say."""
        return True

    @classmethod
    def offered(cls, run: Run, may: Callable[[Capability], bool]) -> bool:
        """Tell whether the table of steps lets the person take it now."""
        track = Track(run.track)
        if track not in cls.tracks:
            return False
        return run.state in TRANSITIONS[track][cls.step].sources and may(cls.capability(track))


class LookedForm(StepForm):
    """A step that speaks of what was looked at: its page says which revision, and what it carried."""

    revision = forms.IntegerField(widget=forms.HiddenInput())
    seal = forms.CharField(required=False, widget=forms.HiddenInput())

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a box: what was looked at is the page's, one for all of its steps."""
        return field_name if field_name in LookedForm.base_fields else super().add_prefix(field_name)
