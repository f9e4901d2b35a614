"""The interface's words: found in the code and templates, kept in locale/, compiled without tools.

Only Python is needed (Babel), so that a fresh machine without gettext can run everything.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("orgs", "services", "workflow", "sanctions", "palvelumanuaali")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
SOURCE = "en"  # the messages in the code are English


def languages() -> list[str]:
    """Return the languages of the interface."""
    return [code for code, _name in settings.LANGUAGES]


def po_path(language: str) -> Path:
    """Return where the catalogue of `language` is kept."""
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"


def messages() -> Catalog:
    """Return every message that the code and the templates use."""
    catalog = Catalog(charset="utf-8")
    for path, text in _sources():
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _comments, context in found:
            catalog.add(message, None, locations=[(path, line)], context=context)
    return catalog


def _sources() -> Iterator[tuple[str, str]]:
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(root)), path.read_text()
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            code = templatize(path.read_text(), origin=str(path))
            # What is not a message is blanked out; its indentation means nothing to Python.
            yield str(path.relative_to(root)), "\n".join(line.strip() for line in code.splitlines())


def load(language: str) -> Catalog:
    """Return the catalogue of `language` as kept; empty where there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """Bring the kept catalogue up to the messages in use, and return it.

    Where a message's English was edited, the words for it are kept and marked fuzzy: they are not shown,
    and `lacking` tells of them until someone has looked.
    """
    catalog = load(language)
    catalog.update(messages(), no_fuzzy_matching=language == SOURCE)
    catalog.obsolete.clear()
    if language == SOURCE:
        for message in catalog:
            if message.id and not message.string:
                message.string = message.id
            if isinstance(message.id, tuple) and not all(message.string or ()):
                message.string = message.id
    keep(language, catalog)
    return catalog


def keep(language: str, catalog: Catalog) -> None:
    """Write the catalogue of `language`."""
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file,
            catalog,
            width=100,
            sort_by_file=False,
            sort_output=True,
            omit_header=False,
            include_lineno=False,
        )


def lacking(language: str) -> list[str]:
    """Return the messages in use that `language` has no words for, and those kept but not used."""
    kept = load(language)
    used = messages()
    problems = []
    for message in used:
        if not message.id:
            continue
        found = kept.get(message.id, message.context)
        forms = (
            found.string if found and isinstance(found.string, tuple) else [found.string] if found else [""]
        )
        if found is None or not all(forms):
            problems.append(f"{language}: no words for {message.id!r}")
        elif found.fuzzy:
            problems.append(f"{language}: the words for {message.id!r} are marked fuzzy")
    problems += [
        f"{language}: {message.id!r} is kept but not used"
        for message in kept
        if message.id and used.get(message.id, message.context) is None
    ]
    return problems


def compile_all() -> list[Path]:
    """Write the compiled catalogues that are older than what they are made from; return those."""
    made = []
    for language in languages():
        source = po_path(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        unfinished = target.with_suffix(".mo.unfinished")
        with unfinished.open("wb") as file:
            write_mo(file, load(language))
        unfinished.replace(target)
        made.append(target)
    return made
