"""The languages that a run carries when nobody has named them."""

from orgs.localised import SOURCE_LANGUAGE
from services import documents
from services.fields import Document


def changed(working: Document, published: Document | None) -> list[str]:
    """Return the languages in which texts differ from what is published; Finnish where none does.

    A new service carries every language that it has a name in.
    """
    if published is None:
        texts = working["public"]["texts"]
        return sorted(language for language in texts if texts[language].get("name")) or [SOURCE_LANGUAGE]
    return sorted(documents.changed_languages(published, working)) or [SOURCE_LANGUAGE]
