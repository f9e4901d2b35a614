"""From a resource object that was sent to the document that it asks for. Pure over what it is given.

What is given as it is shown changes nothing, so a client may send back what it has read, texts that are
shown for want of a translation included. A text is written in the language of the address; other
languages stay. What can't be understood is a `Fault` with the place where it stands.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from services.api.errors import Fault, pointer
from services.api.objects import Object
from services.api.types import INTERNAL, INTERNAL_SERVICE, MUNICIPAL, POINTING, PUBLIC, attribute_of
from services.changes import Changes
from services.document_schema import ITEMS, Schema, section
from services.documents import diff
from services.fields import TEXTS_IN, Audience, Document, Field, Kind
from services.schema_words import words_for
from services.shape import Path

# The keys of the resources of a type by their UUIDs, as far as there are such.
Keys = Callable[[str, set[str]], Mapping[str, str]]
_FIELDS = {attribute_of(one): one for one in (*PUBLIC, *INTERNAL)}
_MANY = frozenset({Kind.TERMS, Kind.LANGUAGES, Kind.ORGANISATIONS, Kind.MUNICIPALITIES, Kind.SERVICES})
_SCHEMAS = {audience: section(audience)["properties"] for audience in (Audience.PUBLIC, Audience.INTERNAL)}


@dataclass
class Given:
    """What a resource object asks for: the document with it, and what is wrong with what was given.

    `touched` has the path of every value that is given otherwise than it is shown, also where it is what
    the document has already: nobody learns by giving values what is not shown.
    """

    document: Document
    touched: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def changes(self, present: Document) -> Changes:
        """Return what differs from the present document; only where there are no faults."""
        return diff(present, self.document)


def read(data: Mapping[str, Any], shown: Object, present: Document, language: str, keys: Keys) -> Given:
    """Return what `data` asks for of a service whose document and resource, as it is shown, are given."""
    given = Given(copy.deepcopy(present))
    for part in ("attributes", "relationships"):
        values = data.get(part, {})
        if not isinstance(values, dict):
            given.faults.append(Fault(pointer("data", part), _("Give an object here.")))
            continue
        for name, said in values.items():
            where = ("data", part, name)
            value = said.get("data") if part == "relationships" and isinstance(said, dict) else said
            if value == _shown(shown, part, name):
                continue
            known = getattr(INTERNAL_SERVICE, part)
            if name not in known:
                given.faults.append(Fault(pointer(*where), _("There is no such field.")))
            elif part == "relationships" and name in _FIELDS:
                _point(given, where, _FIELDS[name], value, keys)
            elif name == MUNICIPAL:
                _write_municipal(given, where, value, language)
            elif name in _FIELDS and _FIELDS[name].kind not in POINTING:
                _write(given, where, _FIELDS[name], value, language)
            else:
                words = _("This follows from other things. Leave it out.")
                given.faults.append(Fault(pointer(*where), words))
    return given


def _shown(shown: Object, part: str, name: str) -> Any:
    found = shown.get(part, {}).get(name)
    return found["data"] if part == "relationships" and found else found


def _write(given: Given, where: tuple[str, ...], one: Field, value: Any, language: str) -> None:
    """Write an attribute's value, unless it is of the wrong shape."""
    section = given.document[one.audience.value]
    texts = ("texts", language) if one.translatable else ()
    given.touched.append((one.audience.value, *texts, one.name))
    if one.translatable:
        if (text := _text(value)) is None:
            given.faults.append(Fault(pointer(*where), _("Give a text here, or null.")))
        else:
            section["texts"].setdefault(language, {})[one.name] = text
        return
    kept = value
    if one.kind in ITEMS:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            given.faults.append(Fault(pointer(*where), _("Give a list of objects here.")))
            return
        before = {item["id"]: item for item in section[one.name]}
        kept = [
            _item(ITEMS[one.kind], one.kind, item, before.get(str(item.get("id"))), language)
            for item in value
        ]
    found = list(Draft202012Validator(_SCHEMAS[one.audience][one.name]).iter_errors(kept))
    given.faults += [Fault(pointer(*where, *error.absolute_path), words_for(error)) for error in found]
    if not found:
        section[one.name] = kept


def _text(value: Any) -> str | None:
    """Return a text that was given plainly or as rich text; an empty one for null, None for no text."""
    if isinstance(value, dict):
        value = value.get("value")
    return "" if value is None else value if isinstance(value, str) else None


def _item(
    schema: Schema,
    kind: Kind | None,
    item: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    language: str,
) -> dict[str, Any]:
    """Return an item of a list as documents keep it: what is not given stays, or is empty in a new one."""
    parts: Mapping[str, Schema] = schema["properties"]
    kept = dict(before) if before else {name: _nothing(part) for name, part in parts.items()}
    kept["id"] = item.get("id") or str(uuid4())
    for name, value in item.items():
        if kind and name in TEXTS_IN.get(kind, ()):
            kept[name] = _texts(value, (before or {}).get(name, {}), language)
        elif name == "dates" and isinstance(value, list):
            dates = {one["id"]: one for one in (before or {}).get("dates", ())}
            kept[name] = [
                _item(parts[name]["items"], None, one, dates.get(str(one.get("id"))), language)
                if isinstance(one, dict)
                else one
                for one in value
            ]
        elif name in ("place", "municipality") and isinstance(value, dict):
            kept[name] = value.get("id" if name == "place" else "code")
        elif name == "url" and kind is Kind.ATTACHMENTS:
            continue  # follows from the id
        elif name != "id":
            kept[name] = value
    return kept


def _texts(value: Any, before: Mapping[str, str], language: str) -> Any:
    """Return an item's texts with the one of the address's language as it was given."""
    said, lang = (value.get("text"), value.get("lang")) if isinstance(value, dict) else (value, language)
    if lang != language and said == before.get(str(lang)):
        return dict(before)  # shown for want of a translation, and sent back
    if said is None or said == "":
        return {code: text for code, text in before.items() if code != language}
    return dict(before) | {language: said}


def _nothing(schema: Schema) -> Any:
    """Return the value of a part that nobody has given."""
    match schema.get("type"):
        case "string":
            return ""
        case "array":
            return []
        case "object":
            return {}
    return None


def _write_municipal(given: Given, where: tuple[str, ...], value: Any, language: str) -> None:
    """Write own parts of municipalities; those that are not given stay."""
    if not isinstance(value, list):
        given.faults.append(Fault(pointer(*where), _("Give a list of objects here.")))
        return
    municipal = given.document["internal"]["municipal"]
    for index, part in enumerate(value):
        code = part.get("municipality") if isinstance(part, dict) else None
        texts = part.get("texts") if isinstance(part, dict) else None
        if not isinstance(code, str) or not isinstance(texts, dict):
            words = _("Give a municipality's code, and its texts by their names.")
            given.faults.append(Fault(pointer(*where, index), words))
            continue
        for name, said in texts.items():
            given.touched.append(("internal", "municipal", code, language, name))
            before = {lang: found.get(name, "") for lang, found in municipal.get(code, {}).items()}
            for lang, text in _texts(said, before, language).items():
                municipal.setdefault(code, {}).setdefault(lang, {})[name] = text
            if said is None:
                municipal.get(code, {}).get(language, {}).pop(name, None)


def _point(given: Given, where: tuple[str, ...], one: Field, value: Any, keys: Keys) -> None:
    """Let a relationship point at what is given, unless that is not there."""
    many = one.kind in _MANY
    given.touched.append((one.audience.value, one.name))
    items = value if isinstance(value, list) else [] if value is None else [value]
    if isinstance(value, list) is not many or not all(isinstance(item, dict) for item in items):
        words = _("Give one resource identifier, or null.")
        if many:
            words = _("Give a list of resource identifiers.")
        given.faults.append(Fault(pointer(*where, "data"), words))
        return
    target = INTERNAL_SERVICE.relationships[attribute_of(one)]
    known = keys(target, {str(item.get("id")) for item in items})
    found: list[Any] = []
    for index, item in enumerate(items):
        place = (*where, "data", *((index,) if many else ()))
        if item.get("type") != target:
            words = _("%(value)r is not one of: %(choices)s.")
            told = words % {"value": item.get("type"), "choices": target}
            given.faults.append(Fault(pointer(*place, "type"), told))
        elif (key := known.get(str(item.get("id")))) is None:
            given.faults.append(Fault(pointer(*place, "id"), _("There is nothing with this UUID.")))
        elif one.kind is Kind.LANGUAGES:
            meta = item.get("meta")
            found.append({"language": key, "level": meta.get("level") if isinstance(meta, dict) else None})
        else:
            found.append(key)
    given.document[one.audience.value][one.name] = found if many else (found[0] if found else None)


def place_of(path: Path, document: Document) -> str:
    """Return where in a resource object the value at a path of its document stands."""
    audience, name, *rest = path
    if name == "texts":
        return pointer("data", "attributes", attribute_of(_field(audience, rest[1])))
    if name == "municipal":
        return pointer("data", "attributes", MUNICIPAL)
    one = _field(audience, name)
    part = "relationships" if one.kind in POINTING else "attributes"
    return pointer("data", part, attribute_of(one), *_steps(rest, document[audience][name]))


def _field(audience: str, name: str) -> Field:
    return next(one for one in _FIELDS.values() if one.name == name and one.audience.value == audience)


def _steps(rest: list[str], here: Any) -> list[str | int]:
    """Return the steps of a path with the numbers of items in place of their identities."""
    found: list[str | int] = []
    for step in rest:
        if isinstance(here, list):
            ids = [item["id"] for item in here if isinstance(item, dict)]
            if step not in ids:
                return found
            found.append(ids.index(step))
            here = here[ids.index(step)]
        else:
            found.append(step)
            here = here.get(step) if isinstance(here, dict) else None
    return found
