"""Whatever two halves do in any order, an act on one track does nothing to another."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from orgs.models import User
from orgs.refused import Refused
from services import documents, publishing, tracks, working_copy
from services.documents import municipal_text, text
from services.fields import Audience, Document
from services.shape import Path
from services.tracks import INTERNAL, PUBLIC, Part
from tests import factories
from tests.thoroughness import rounds
from tests.workflow.conftest import Pipeline, pipeline_of
from workflow import composition, editing
from workflow.actions import reviewing, run_languages, runs
from workflow.actions.steps import open_run_of
from workflow.models import Run, SectionConfirmation
from workflow.review import INTERNAL_GROUPS
from workflow.states import OPEN

OWN = tracks.municipal("049")
PLACES: dict[Part, list[Path]] = {
    PUBLIC: [
        ("public", "price"),
        text(Audience.PUBLIC, "fi", "summary"),
        text(Audience.PUBLIC, "sv", "summary"),
        text(Audience.PUBLIC, "sv", "name"),
    ],
    INTERNAL: [text(Audience.INTERNAL, "fi", "guidance"), text(Audience.INTERNAL, "sv", "guidance")],
    OWN: [municipal_text("049", "fi", "guidance")],
}
WORDS = st.sampled_from(["1.00", "2.00", "3.00"])
LANGUAGES = st.lists(st.sampled_from(["fi", "sv"]), unique=True)
PARTS = st.sampled_from(list(PLACES))


class TwoTracks(RuleBasedStateMachine):
    """A provider's producer and a partner's, each at their own work on one service."""

    pipeline: Pipeline

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(public=st.sampled_from([True, True, True, False]))
    def a_service(self, public: bool) -> None:
        factories.agreement()
        service = factories.service()
        if public:
            factories.publish(service)
        self.pipeline = pipeline_of(service)

    @property
    def working(self) -> Document:
        return working_copy.read(self.pipeline.service)

    @property
    def published(self) -> Document:
        return publishing.newest_document(self.pipeline.fresh) or documents.empty()

    def acts(self, *parts: Part, action: Callable[[], Any]) -> bool:
        """Do something to some parts that may be refused, and hold all else against what it was."""
        before = self.working, self.published, self._confirmed(), self._open()
        try:
            with transaction.atomic():
                action()
        except (Refused, ValidationError):
            assert before == (self.working, self.published, self._confirmed(), self._open())
            return False
        assert tracks.changed(before[0], self.working) <= set(parts), "somebody's words were lost"
        assert tracks.changed(before[1], self.published) <= set(parts), "somebody's words were published"
        if PUBLIC not in parts:
            assert before[2] == self._confirmed(), "something was confirmed"
        assert {part for part, _run in before[3] ^ self._open()} <= set(parts)
        return True

    @staticmethod
    def _confirmed() -> set[Any]:
        return set(SectionConfirmation.objects.values_list("run", "group", "content_hash"))

    def _open(self) -> set[tuple[Part, Any]]:
        runs_of = Run.objects.filter(state__in=OPEN).select_related("municipality")
        return {(run.part, (run.pk, run.state, run.publish_at)) for run in runs_of}

    @rule(part=PARTS, data=st.data(), value=WORDS, partners=st.booleans())
    def someone_writes(self, part: Part, data: Any, value: str, partners: bool) -> None:
        path = data.draw(st.sampled_from(PLACES[part]))
        by = self.pipeline.partner if partners or part != PUBLIC else self.pipeline.provider
        self.write(part, path, value, by)

    def write(self, part: Part, path: Path, value: str, by: User) -> None:
        wanted = {path: value, ("public", "paid"): True} if path[-1] == "price" else {path: value}
        base = self.pipeline.revision
        self.acts(part, action=lambda: editing.save(self.pipeline.service, wanted, by=by, base=base))

    @precondition(lambda self: bool(open_run_of(self.pipeline.service)))
    @rule(languages=LANGUAGES)
    def the_provider_submits(self, languages: list[str]) -> None:
        run = self.run_of(PUBLIC)
        self.acts(PUBLIC, action=lambda: runs.submit(run, by=self.pipeline.provider, languages=languages))

    @precondition(lambda self: bool(open_run_of(self.pipeline.service)))
    @rule(languages=LANGUAGES, by=st.sampled_from(["provider", "partner"]))
    def more_languages_join_the_review(self, languages: list[str], by: str) -> None:
        run, who = self.run_of(PUBLIC), getattr(self.pipeline, by)
        self.acts(PUBLIC, action=lambda: run_languages.add_languages(run, languages, by=who))

    @precondition(lambda self: bool(open_run_of(self.pipeline.service)))
    @rule()
    def the_partner_returns(self) -> None:
        run, by = self.run_of(PUBLIC), self.pipeline.partner
        self.acts(PUBLIC, action=lambda: runs.return_to_provider(run, by=by, reason="Kerro paikka."))

    @precondition(lambda self: bool(open_run_of(self.pipeline.service)))
    @rule(along=st.booleans())
    def the_partner_decides_of_the_instructions(self, along: bool) -> None:
        run, by = self.run_of(PUBLIC), self.pipeline.partner
        self.acts(PUBLIC, action=lambda: reviewing.take_along(run, by=by, instructions=along))

    @rule(part=PARTS, by=st.sampled_from(["provider", "partner"]))
    def someone_withdraws(self, part: Part, by: str) -> None:
        run = open_run_of(self.pipeline.service, part)
        if run is None or (part != PUBLIC and by == "provider"):
            return
        self.acts(part, action=lambda: runs.withdraw(run, by=getattr(self.pipeline, by)))

    @rule(part=PARTS)
    def the_partner_publishes(self, part: Part) -> None:
        run = open_run_of(self.pipeline.service, part)
        if run is None:
            return
        draft = publishing.draft_of(self.pipeline.fresh)
        carried = composition.of_run(run, draft)
        listed = {path: value for one in carried.parts for path, value in carried.changes(one).items()}
        before = self.published
        by, revision = self.pipeline.partner, self.pipeline.revision
        if part == PUBLIC:
            confirm = partial(reviewing.confirm_sections, run, INTERNAL_GROUPS, by=by, revision=revision)
            self.acts(PUBLIC, action=confirm)
        together = part == PUBLIC and (run.with_instructions or draft.published is None)
        parts = [part, INTERNAL] if together else [part]
        if self.acts(*parts, action=lambda: reviewing.publish(run, by=by, revision=revision)):
            assert documents.diff(before, self.published) == listed, "not what was listed"

    @rule(
        value=WORDS, paths=st.lists(st.sampled_from(PLACES[PUBLIC][:3]), min_size=1, unique=True),
        also=st.lists(st.sampled_from([INTERNAL, OWN]), unique=True),
        languages=LANGUAGES, along=st.booleans(),
    )  # fmt: skip
    def a_public_text_goes_its_way_beside_others(
        self, value: str, paths: list[Path], languages: list[str], also: list[Part], along: bool
    ) -> None:
        """Do in a row what few orders of single acts come to."""
        for part, path in [(PUBLIC, path) for path in paths] + [(part, PLACES[part][0]) for part in also]:
            self.write(part, path, value, self.pipeline.partner)
        if open_run_of(self.pipeline.service):
            self.the_provider_submits(languages)
            self.the_partner_decides_of_the_instructions(along)
            self.the_partner_publishes(PUBLIC)

    def run_of(self, part: Part) -> Run:
        run = open_run_of(self.pipeline.service, part)
        assert run
        return run

    @precondition(lambda self: hasattr(self, "pipeline"))
    @invariant()
    def no_words_lie_unseen(self) -> None:
        if self.pipeline.fresh.first_published_at is None:
            return
        for part in tracks.changed(self.published, self.working):
            assert open_run_of(self.pipeline.service, part), f"a draft without a run: {part}"


@pytest.mark.usefixtures("vocabulary")
def test_no_order_of_acts_lets_one_track_touch_the_other() -> None:
    run_machine(
        TwoTracks,
        settings=settings(
            max_examples=rounds(45), stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
