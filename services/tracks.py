"""The tracks of a service: parts of its document that are written and published by themselves.

The public track is the provider's half's to write and the partner's to review; the internal one is the
partner's own; each municipality's own instructions are a part by themselves. All of them share one
document. Nothing done to one part publishes, drops or confirms anything of another. Pure: no database
here. Source: docs/rules.md sections 3 to 5; docs/decisions/0034-two-tracks.md.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from services import documents
from services.changes import Changes
from services.fields import Audience, Document
from services.shape import Path


class Track(models.TextChoices):
    """Which part of a document."""

    PUBLIC = "public", _("Public information")
    INTERNAL = "internal", _("Work instructions")
    MUNICIPAL = "municipal", _("A municipality's own instructions")


class Part(NamedTuple):
    """A track; of a municipality's own instructions also the municipality's code."""

    track: Track
    municipality: str = ""


PUBLIC, INTERNAL = Part(Track.PUBLIC), Part(Track.INTERNAL)


def municipal(code: str) -> Part:
    """Return the part of one municipality."""
    return Part(Track.MUNICIPAL, code)


def part_of(path: Path) -> Part:
    """Return the part in which the value at a path lies."""
    if code := documents.municipality_of(path):
        return municipal(code)
    return PUBLIC if documents.audience_of(path) is Audience.PUBLIC else INTERNAL


def all_parts(*found: Document) -> set[Part]:
    """Return every part that any of the documents has."""
    return {PUBLIC, INTERNAL} | {municipal(code) for one in found for code in one["internal"]["municipal"]}


def composed(
    working: Document, published: Document | None, parts: Collection[Part], languages: Collection[str]
) -> Document:
    """Return what is published when `parts` are: those as they are written, the rest as it was.

    Of the public part only the texts of `languages` are taken; instructions have no review, and go in
    all languages in which they are written.
    """
    base = published or documents.empty()
    public, internal = base["public"], base["internal"]
    if PUBLIC in parts:
        public = documents.carried(working, published, sorted(languages))["public"]
    if INTERNAL in parts:
        internal = working["internal"] | {"municipal": internal["municipal"]}
    editors = working["editors"] if INTERNAL in parts else base["editors"]
    own = _swapped(internal["municipal"], working["internal"]["municipal"], parts)
    return {"public": public, "internal": internal | {"municipal": own}, "editors": editors}


def without(working: Document, published: Document, part: Part, languages: Collection[str]) -> Document:
    """Return the working copy with one part as it is published: what withdrawing leaves.

    Of the public part only the texts of `languages` go back; in the others the words stay a draft.
    """
    if part.track is Track.MUNICIPAL:
        own = _swapped(working["internal"]["municipal"], published["internal"]["municipal"], [part])
        return working | {"internal": working["internal"] | {"municipal": own}}
    if part == INTERNAL:
        common = published["internal"] | {"municipal": working["internal"]["municipal"]}
        return working | {"internal": common, "editors": published["editors"]}
    back = documents.carried(published, working, sorted(languages), along=published["public"]["texts"])
    return working | {"public": back["public"]}


def _swapped(own: Document, others: Document, parts: Iterable[Part]) -> Document:
    """Return municipalities' texts with those of `parts` as the others have them."""
    codes = {part.municipality for part in parts if part.track is Track.MUNICIPAL}
    kept = {code: texts for code, texts in own.items() if code not in codes}
    return kept | {code: texts for code, texts in others.items() if code in codes}


def diff(old: Document | None, new: Document, part: Part) -> Changes:
    """Return what differs in one part."""
    differing = documents.diff(old or documents.empty(), new)
    return {path: value for path, value in differing.items() if part_of(path) == part}


def changed(old: Document | None, new: Document) -> set[Part]:
    """Return the parts in which anything differs."""
    return {part_of(path) for path in documents.diff(old or documents.empty(), new)}
