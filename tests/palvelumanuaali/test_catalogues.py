"""The interface speaks Finnish, Swedish and English throughout."""

from pathlib import Path
from typing import Any

import pytest

from palvelumanuaali import catalogues
from workflow.models import Event


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_message_lacks_words(language: str) -> None:
    assert catalogues.lacking(language) == []


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    (tmp_path / "orgs").mkdir()
    (tmp_path / "orgs" / "code.py").write_text(
        'a = _("Code")\nb = ngettext("%(n)s day", "%(n)s days", 2)\nc = pgettext("verb", "Open")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}<p>{% translate "Template" %}</p>\n'
        "{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}\n"
        "{% blocktranslate count n=2 %}one{% plural %}many{% endblocktranslate %}\n"
    )
    return tmp_path


def test_messages_are_found_in_code_and_templates(project: Path) -> None:
    found = {(m.context, m.id) for m in catalogues.messages() if m.id}
    assert found == {
        (None, "Code"),
        (None, ("%(n)s day", "%(n)s days")),
        ("verb", "Open"),
        (None, "Template"),
        (None, "Two lines"),
        (None, ("one", "many")),
    }


def test_what_lacks_words_or_is_not_used_is_told(project: Path) -> None:
    catalogues.update("fi")
    assert len(catalogues.lacking("fi")) == 6
    catalogues.update("en")
    assert catalogues.lacking("en") == []
    (project / "templates" / "page.html").unlink()
    assert any("kept but not used" in problem for problem in catalogues.lacking("en"))


def test_catalogues_are_compiled_once_for_each_change(project: Path) -> None:
    catalogues.update("en")
    assert [path.name for path in catalogues.compile_all()] == ["django.mo"]
    assert catalogues.compile_all() == []


def test_words_for_a_message_whose_english_was_edited_are_kept_until_someone_has_looked(
    project: Path,
) -> None:
    page = project / "templates" / "page.html"
    page.write_text('{% load i18n %}{% translate "Take the service off the list" %}')
    catalogue = catalogues.update("fi")
    message = catalogue.get("Take the service off the list")
    assert message
    message.string = "Poista palvelu luettelosta"
    catalogues.keep("fi", catalogue)
    page.write_text('{% load i18n %}{% translate "Remove the service from the list" %}')
    catalogues.update("fi")
    kept = catalogues.load("fi").get("Remove the service from the list")
    assert kept
    assert kept.string == "Poista palvelu luettelosta"
    assert any("marked fuzzy" in problem for problem in catalogues.lacking("fi"))


# Words of English that are a verb and a noun, each with the one thing that it is in our catalogues; what is
# the other thing, too, has a context there (pgettext).
VERBS = {
    "Answer", "Archive", "Change", "Close", "Decide", "Delegate", "End", "Print", "Return", "Review", "Save",
    "Search", "Show", "Sort", "Withdraw", "Write",
}  # fmt: skip
NOUNS = {
    "Address", "Credit", "Date", "Draft", "Link", "Name", "Note", "Number", "Open", "Order", "Place", "Post",
    "Seat", "Share", "State", "Title", "Update", "Work",
}  # fmt: skip
OTHERS = {
    "Appeal", "Approach", "Chair", "Charge", "Check", "Comment", "Contact", "Copy", "Document", "Export",
    "Filter", "Help", "Import", "Invite", "Limit", "List", "Look", "Mark", "Pause", "Process", "Publish",
    "Question", "Read", "Record", "Reply", "Report", "Request", "Restore", "Schedule", "Send", "Set", "Start",
    "Stop", "Submit", "Test", "Transfer", "Use", "View", "Visit", "Vote",
}  # fmt: skip


def test_no_message_is_both_a_verb_and_a_noun() -> None:
    bare = {str(message.id) for message in catalogues.messages() if message.id and not message.context}
    assert bare & (VERBS | NOUNS | OTHERS) == VERBS | NOUNS


def test_what_someone_did_has_words_of_its_own() -> None:
    """A message of an event's sentence stands nowhere else: there it would be said of a thing."""
    sentences = {str(label) for label in Event.Kind.labels}
    for message in catalogues.messages():
        files = {path for path, _line in message.locations}
        if message.id in sentences and not message.context and "workflow/models/event.py" in files:
            assert files == {"workflow/models/event.py"}, message.id
