"""What a reviewer confirms before publishing (docs/rules.md section 3, "A change in public information").

Pure rules over a service's document: which internal sections there are, which of them a change of
public fields probably touches, and a hash that tells when a confirmation no longer counts.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from services import fields
from services.completeness import is_empty
from services.fields import FOR_JOB_SEEKERS, Audience, Document, Field, Group

# A procurement's contract does not follow from what is said to customers.
INTERNAL_GROUPS = tuple(
    dict.fromkeys(
        field.group for field in fields.of(Audience.INTERNAL) if field.group is not Group.PROCUREMENT
    )
)
# Which internal sections the public fields of a group most often touch: shown first to the reviewer.
_TOUCHED_BY: dict[Group, tuple[Group, ...]] = {
    Group.BASICS: (Group.GUIDANCE, Group.BENEFITS),
    Group.AUDIENCE: (Group.GUIDANCE, Group.OBLIGATION),
    Group.TIME_AND_PLACE: (Group.GUIDANCE, Group.ENTRIES),
    Group.DESCRIPTION: (Group.GUIDANCE, Group.EXCEPTIONS),
    Group.CONTACTS: (Group.MATERIAL,),
}


def fields_of_group(group: Group) -> tuple[Field, ...]:
    """Return the internal fields of a section."""
    return tuple(field for field in fields.of(Audience.INTERNAL) if field.group is group)


def sections(document: Document) -> list[Group]:
    """Return the internal sections that the service has: all for job-seekers' services, else the filled."""
    if FOR_JOB_SEEKERS.holds(document):
        return list(INTERNAL_GROUPS)
    return [group for group in INTERNAL_GROUPS if _has_content(document["internal"], group)]


def _has_content(internal: dict[str, Any], group: Group) -> bool:
    for field in fields_of_group(group):
        if field.translatable:
            values = [texts.get(field.name) for texts in internal["texts"].values()]
        else:
            # A flag that says no is no content here: nobody wrote it.
            values = [internal[field.name] or None]
        if any(not is_empty(field, value) for value in values):
            return True
    return False


def touched(changed: Iterable[Field]) -> list[Group]:
    """Return the internal sections that changes of these public fields probably touch."""
    found = {group for field in changed for group in _TOUCHED_BY.get(field.group, ())}
    return [group for group in INTERNAL_GROUPS if group in found]


def content_hash(document: Document, group: Group) -> str:
    """Return a hash of the public section and of one internal section: what a confirmation is about."""
    internal = document["internal"]
    names = [field.name for field in fields_of_group(group)]
    own = {
        "values": {name: internal.get(name) for name in names if name not in _TEXT_NAMES},
        "texts": {
            language: {name: texts.get(name, "") for name in names}
            for language, texts in internal["texts"].items()
        },
    }
    plain = json.dumps([document["public"], own], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


_TEXT_NAMES = frozenset(field.name for field in fields.texts_of(Audience.INTERNAL))
