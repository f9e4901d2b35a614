"""The parts of a letter: what its template says, as headings, paragraphs, lists and tables of facts. Pure.

A template's first line is the title. "## " begins a heading, "- " an item of a list, "| " a fact with its
label up to the next " | "; anything else is a paragraph, up to an empty line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """A letter's title and its blocks, as they are kept: each has a kind, and a text or rows."""

    title: str
    blocks: list[Block]


def one_line(text: str) -> str:
    """Return what people wrote as one line, so that it makes no part of its own."""
    return " ".join(text.split())


def parts_of(text: str) -> Parts:
    """Return the parts of a rendered template."""
    title, *lines = text.strip().splitlines()
    blocks: list[Block] = []
    for kind, found in groupby((line.strip() for line in lines), key=_kind_of):
        rows = [line.removeprefix(_mark_of(kind)) for line in found]
        match kind:
            case "heading":
                blocks += [{"kind": kind, "text": row} for row in rows]
            case "facts":
                blocks.append({"kind": kind, "rows": [_fact(row) for row in rows]})
            case "list":
                blocks.append({"kind": kind, "items": rows})
            case "text":
                blocks.append({"kind": kind, "text": " ".join(rows)})
    return Parts(title.strip(), blocks)


_MARKS = {"heading": "## ", "facts": "| ", "list": "- "}


def _mark_of(kind: str) -> str:
    return _MARKS.get(kind, "")


def _kind_of(line: str) -> str:
    if not line:
        return ""
    return next((kind for kind, mark in _MARKS.items() if line.startswith(mark)), "text")


def _fact(row: str) -> list[str]:
    label, _bar, value = row.partition(" | ")
    return [label.strip(), value.strip()]


def lines_of(blocks: Iterable[Block]) -> list[tuple[bool, str]]:
    """Return the letter line by line, as a mail has it: whether one is a heading, and its words."""
    return [line for block in blocks for line in _lines(block)]


def _lines(block: Block) -> list[tuple[bool, str]]:
    match block["kind"]:
        case "facts":
            return [(False, f"{label}: {value}") for label, value in block["rows"]]
        case "list":
            return [(False, f"– {item}") for item in block["items"]]
    return [(block["kind"] == "heading", block["text"])]
