"""The languages that a run carries: those submitted, else those in which changed texts are ready."""

from orgs.localised import SOURCE_LANGUAGE
from services import tracks
from services.completeness import missing
from services.documents import language_of
from services.fields import Document, Stage
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


def ready(working: Document, published: Document | None) -> list[str]:
    """Return the changed languages in which a draft can be submitted; all of them where none is ready.

    A translation that is only begun waits until it has all that a submission needs. Finnish and the
    languages of the public pages never wait: what they lack is said.
    """
    read = {SOURCE_LANGUAGE, *(published["public"]["texts"] if published else ())}
    written = changed(working, published)
    lacking = {one.language for one in missing(working, Stage.SUBMISSION, written)}
    return [one for one in written if one in read or one not in lacking] or written


def carried(run: Run, draft: Draft) -> list[str]:
    """Return the languages that a run of the public track carries now."""
    return run.languages if run.submitted_at else ready(draft.working, draft.published)


def written(_run: Run, draft: Draft) -> list[str]:
    """Return the languages in which anything was written."""
    return changed(draft.working, draft.published)
