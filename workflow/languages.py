"""The languages that a run carries: those submitted, else those in which texts have changed."""

from orgs.localised import SOURCE_LANGUAGE
from services import tracks
from services.documents import language_of
from services.fields import Document
from services.publishing import Draft
from workflow.models import Run


def changed(working: Document, published: Document | None) -> list[str]:
    """Return the languages in which public texts differ from what is published; Finnish where none does.

    A new service carries every language that it has a name in.
    """
    if published is None:
        texts = working["public"]["texts"]
        return sorted(language for language in texts if texts[language].get("name")) or [SOURCE_LANGUAGE]
    differing = tracks.diff(published, working, tracks.PUBLIC)
    return sorted({found for path in differing if (found := language_of(path))}) or [SOURCE_LANGUAGE]


def carried(run: Run, draft: Draft) -> list[str]:
    """Return the languages that a run of the public track carries now."""
    return run.languages if run.submitted_at else changed(draft.working, draft.published)
