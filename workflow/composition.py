"""What a run carries: the document that would be published by it, what that changes, and what stays a draft.

Everything that speaks of a run's content asks here: the review and its confirmations, completeness,
previews, the desk's sentences, mails, and publishing itself. So what is shown is what becomes public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from services import publishing, revisions, tracks
from services.changes import Changes
from services.completeness import Missing, missing
from services.documents import language_of
from services.fields import Document, Stage
from services.publishing import Draft
from services.tracks import INTERNAL, PUBLIC, Part
from workflow import languages
from workflow.models import Run


@dataclass(frozen=True)
class Composition:
    """The parts of a draft, and the languages of its public part, that go out together."""

    draft: Draft
    part: Part
    parts: frozenset[Part]
    languages: tuple[str, ...]

    @cached_property
    def document(self) -> Document:
        """Return the document that would be published now."""
        return self._of(self.draft.working)

    def _of(self, working: Document) -> Document:
        return tracks.composed(working, self.draft.published, self.parts, self.languages)

    def changes(self, part: Part) -> Changes:
        """Return what would change in a part."""
        return tracks.diff(self.draft.published, self.document, part)

    @property
    def changes_public(self) -> bool:
        """Tell whether customers would read anything new."""
        return bool(self.changes(PUBLIC))

    @cached_property
    def left(self) -> Changes:
        """Return what was written in the run's part in languages that it does not carry."""
        return tracks.diff(self.document, self.draft.working, self.part)

    @property
    def left_languages(self) -> list[str]:
        """Return the languages in which words stay a draft."""
        return sorted({language for path in self.left if (language := language_of(path))})

    def lacking_in_left(self) -> list[Missing]:
        """Return what the languages that are left lack before they can be submitted too."""
        found = missing(self.draft.working, Stage.SUBMISSION, self.left_languages)
        return [one for one in found if one.language in self.left_languages]

    def lacking(self) -> list[Missing]:
        """Return what is missing before it can be published."""
        return publishing.lacking_for(self.document, self.parts, self.languages)

    @property
    def seal(self) -> str:
        """Return what tells this composition from one of other languages or parts."""
        return " ".join([*sorted(part.track for part in self.parts), *self.languages])

    def was_the_same_at(self, revision: int, seal: str = "") -> bool:
        """Tell whether the same would have been published when someone looked at it.

        `revision` is the one of the working copy that was looked at, `seal` that of what was carried then.
        """
        return seal in ("", self.seal) and self.document == self._of(
            revisions.base_of(self.draft.copy, revision)
        )


def of_run(run: Run, draft: Draft) -> Composition:
    """Return what a run carries: the languages submitted, else all that has changed and is ready."""
    return _of(run, draft, languages.carried)


def of_draft(run: Run, draft: Draft) -> Composition:
    """Return all that is written in a run that nobody has submitted, ready or not; else what it carries."""
    return _of(run, draft, languages.carried if run.submitted_at else languages.written)


def _of(run: Run, draft: Draft, in_languages: Callable[[Run, Draft], list[str]]) -> Composition:
    part = run.part
    parts = {part}
    if part == PUBLIC and (run.with_instructions or draft.published is None):
        parts.add(INTERNAL)
    found = in_languages(run, draft) if part == PUBLIC else []
    return Composition(draft, part, frozenset(parts), tuple(found))
