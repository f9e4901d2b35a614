"""What a run carries: the document that would be published by it, what that changes, and what stays a draft.

Everything that speaks of a run's content asks here: the review and its confirmations, completeness,
previews, the desk's sentences, mails, and publishing itself. So what is shown is what becomes public.
"""

from dataclasses import dataclass
from functools import cached_property

from services import publishing, revisions, tracks
from services.changes import Changes
from services.completeness import Missing
from services.documents import language_of
from services.fields import Document
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

    def lacking(self) -> list[Missing]:
        """Return what is missing before it can be published."""
        return publishing.lacking_for(self.document, self.parts, self.languages)

    def was_the_same_at(self, revision: int) -> bool:
        """Tell whether the same would have been published at an earlier revision of the working copy."""
        return self.document == self._of(revisions.base_of(self.draft.copy, revision))


def of_run(run: Run, draft: Draft) -> Composition:
    """Return what a run carries: what was submitted in its languages, else all that has changed."""
    part = run.part
    carried = languages.carried(run, draft) if part == PUBLIC else []
    parts = {part}
    if part == PUBLIC and (run.with_instructions or draft.published is None):
        parts.add(INTERNAL)
    return Composition(draft, part, frozenset(parts), tuple(carried))
