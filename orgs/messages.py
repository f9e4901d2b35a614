"""A notice in words: the message that a template says, as text and as HTML.

Values of the context never make structure: the template is split into its paragraphs and links
first, and the values are filled in after that, each on one line. Who calls oneself "Aino", a blank
line and an arrow puts no link into anybody's mail.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext

from orgs.models import User
from orgs.notice_kinds import absolute

_LINK = "→ "
_HEADING = "## "
_MARK = re.compile("\ue000([0-9]+)\ue001")


class Part(NamedTuple):
    """A paragraph of a message: words, or words with the address they lead to, or a heading."""

    words: str
    url: str = ""
    heading: bool = False


class Message(NamedTuple):
    """A notice in words, in the recipient's language."""

    subject: str
    parts: tuple[Part, ...]
    # Tells how to have fewer messages, where one may choose.
    choosable: bool = False

    @property
    def text(self) -> str:
        """Return the message as plain text."""
        body = "\n\n".join(f"{part.words}:\n{part.url}" if part.url else part.words for part in self.parts)
        signature = "\n".join(filter(None, ["--", self._foot, "Palvelumanuaali", absolute("/")]))
        return f"{body}\n\n{signature}\n"

    @property
    def html(self) -> str:
        """Return the message as HTML."""
        words = {"subject": self.subject, "parts": self.parts, "foot": self._foot, "home": absolute("/")}
        return render_to_string("notices/layout.html", words)

    @property
    def _foot(self) -> str:
        if not self.choosable:
            return ""
        return gettext("You can choose which messages come once a day on your own page.")


class _Value(str):
    """A text that prints as its mark, wherever a template shows it."""

    mark: str

    def __html__(self) -> str:
        return self.mark


class _Values(list[str]):
    """The texts of a context, each with its mark."""

    def marked(self, value: Any) -> Any:
        """Return a value of a context with every text in it marked; dates and numbers as they are."""
        if isinstance(value, User):
            value = str(value)
        if isinstance(value, str):
            made = _Value(value)
            made.mark = f"\ue000{len(self)}\ue001"
            self.append(" ".join(value.split()))
            return made
        if isinstance(value, list | tuple):
            return [self.marked(item) for item in value]
        return value

    def filled_in(self, text: str) -> str:
        """Return a text with the values in place of their marks."""
        return _MARK.sub(lambda found: self[int(found[1])], text)


def message(kind: str, context: Mapping[str, Any], *, choosable: bool = False) -> Message:
    """Return the message of the template `notices/<kind>.txt`: the subject, then paragraphs."""
    values = _Values()
    marked = {name: values.marked(value) for name, value in context.items()}
    subject, _newline, rest = render_to_string(f"notices/{kind}.txt", marked).strip().partition("\n")
    blocks = [" ".join(block.split()) for block in rest.split("\n\n") if block.strip()]
    return Message(
        values.filled_in(subject.strip()), tuple(_part(block, values) for block in blocks), choosable
    )


def _part(block: str, values: _Values) -> Part:
    if block.startswith(_HEADING):
        return Part(values.filled_in(block.removeprefix(_HEADING)), heading=True)
    if not block.startswith(_LINK):
        return Part(values.filled_in(block))
    words, _bar, url = block.removeprefix(_LINK).rpartition(" | ")
    return Part(values.filled_in(words), values.filled_in(url))


def digest(messages: Sequence[Message]) -> Message:
    """Return one message with all of a day's."""
    whole = message("digest", {"count": len(messages)}, choosable=True)
    parts = [part for one in messages for part in (Part(one.subject, heading=True), *one.parts)]
    return whole._replace(parts=tuple(parts))
