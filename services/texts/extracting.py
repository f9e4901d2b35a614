"""The text of a PDF, Word or Excel file. Runs as a program of its own, with bounds on time and memory.

    python -m services.texts.extracting .pdf < file > text

A file comes from people and may be broken or made to hurt: what goes wrong here ends this program, and
nothing else. It knows neither the database nor the settings.
"""

import io
import resource
import sys
from collections.abc import Callable, Iterator
from itertools import islice

MOST_LETTERS = 200_000
_MOST_PARTS = 2_000  # pages, paragraphs or rows
_MEMORY = 768 * 1024 * 1024  # bytes
_SECONDS = 20  # of the processor


def _pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    for page in islice(PdfReader(io.BytesIO(content)).pages, _MOST_PARTS):
        yield page.extract_text()


def _docx(content: bytes) -> Iterator[str]:
    from docx import Document

    document = Document(io.BytesIO(content))
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        for row in table.rows:
            yield " ".join(cell.text for cell in row.cells)


def _xlsx(content: bytes) -> Iterator[str]:
    from openpyxl import load_workbook

    for sheet in load_workbook(io.BytesIO(content), read_only=True, data_only=True):
        yield sheet.title
        for row in islice(sheet.iter_rows(values_only=True), _MOST_PARTS):
            yield " ".join(str(value) for value in row if value is not None)


KINDS: dict[str, Callable[[bytes], Iterator[str]]] = {".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx}


def text_of(content: bytes, kind: str) -> str:
    """Return the words of a file of one of KINDS, at most MOST_LETTERS letters.

    Raises whatever its reader does.
    """
    found, length = [], 0
    for part in islice(KINDS[kind](content), _MOST_PARTS):
        words = " ".join(part.split())
        if words:
            found.append(words)
            length += len(words) + 1
        if length > MOST_LETTERS:
            break
    return "\n".join(found)[:MOST_LETTERS].replace("\x00", "")


def main(kind: str) -> None:
    """Read a file from the standard input and write its text."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.buffer.write(text_of(sys.stdin.buffer.read(), kind).encode())


if __name__ == "__main__":
    main(sys.argv[1])
