"""What a JSON Schema finds wrong, in words for the one who wrote it."""

from typing import Any

from django.utils.translation import gettext as _
from jsonschema.exceptions import ValidationError


def words_for(error: ValidationError) -> str:
    """Return what is wrong with a value and what to do, in the reader's language."""
    value: Any = error.instance
    limit: Any = error.validator_value
    shape: Any = error.schema
    match error.validator:
        case "required":
            absent = sorted(set(limit) - set(value))
            return _("These are missing: %(names)s.") % {"names": ", ".join(absent)}
        case "additionalProperties":
            extra = sorted(set(value) - set(shape.get("properties", ())))
            return _("These are not known here: %(names)s. Remove or correct them.") % {
                "names": ", ".join(map(str, extra))
            }
        case "dependentRequired":
            absent = sorted({name for key in limit if key in value for name in limit[key]} - set(value))
            return _("These are missing: %(names)s.") % {"names": ", ".join(absent)}
        case "enum" | "const":
            choices = [limit] if error.validator == "const" else limit
            return _("%(value)r is not one of: %(choices)s.") % {
                "value": value,
                "choices": ", ".join(map(str, choices)),
            }
        case "type":
            kinds = limit if isinstance(limit, str) else ", ".join(limit)
            return _("Expected %(kinds)s here.") % {"kinds": kinds}
        case "maxLength":
            return _("Too long: shorten by %(count)s characters (at most %(limit)s).") % {
                "count": len(value) - limit,
                "limit": limit,
            }
        case "maxItems":
            return _("Too many: remove %(count)s of these (at most %(limit)s).") % {
                "count": len(value) - limit,
                "limit": limit,
            }
        case "minLength" | "minItems":
            return _("This must not be empty.")
        case "pattern":
            return _("%(value)r is not in the expected form (%(pattern)s).") % {
                "value": value,
                "pattern": limit,
            }
        case "uniqueItems":
            return _("The same value stands here twice. Remove one.")
        case _:
            return error.message
