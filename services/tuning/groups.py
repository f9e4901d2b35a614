"""Changing what words are also called."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, user_log
from orgs.models import User
from orgs.roles import Capability
from services.log_events import Event
from services.models import SynonymGroup
from services.search import synonyms
from services.texts.words import words_of

MOST = 20  # expressions of a group
_LONGEST = 80  # characters


def cleaned(expressions: Iterable[str]) -> list[str]:
    """Return expressions as they are kept, each once; raises ValidationError and says for which line."""
    found: dict[str, None] = {}
    for number, line in enumerate(expressions, start=1):
        if not (one := " ".join(line.split())):
            continue
        if not words_of(one):
            raise ValidationError(
                _("Line %(line)s: ”%(text)s” holds no word. Write words."),
                params={"line": number, "text": one[:40]},
            )
        if len(one) > _LONGEST:
            raise ValidationError(
                _("Line %(line)s is too long. An expression has at most %(most)s characters."),
                params={"line": number, "most": _LONGEST},
            )
        found[one.casefold()] = None
    if len(found) == 1:
        raise ValidationError(_("One expression alone leads nowhere. Write at least two, one a line."))
    if len(found) > MOST:
        raise ValidationError(
            _("There are %(count)s expressions. A group has at most %(most)s: divide it."),
            params={"count": len(found), "most": MOST},
        )
    return list(found)


@transaction.atomic
def change(language: str, key: str, expressions: Sequence[str], *, by: User) -> str:
    """Let a group have these expressions, none takes it away; return its key.

    `key` is empty for a new group: its first expression becomes its key. A group that is as it was
    shipped is kept no longer. Raises PermissionDenied, and ValidationError where a key is taken.
    """
    access.require(by, Capability.TUNE_SEARCH)
    kept = cleaned(expressions)
    if not key and not kept:
        raise ValidationError(_("Write at least two expressions, one a line."))
    shipped = synonyms.shipped(language)
    if not key:
        key = kept[0]
        if key in shipped or SynonymGroup.objects.filter(language=language, key=key).exists():
            raise ValidationError(
                _("There is a group that begins with ”%(key)s” already. Add to it."), params={"key": key}
            )
    if kept == shipped.get(key, []):
        SynonymGroup.objects.filter(language=language, key=key).delete()
    else:
        SynonymGroup.objects.update_or_create(language=language, key=key, defaults={"expressions": kept})
    user_log.record(Event.SYNONYMS_CHANGED, actor=by, language=language, key=key, expressions=len(kept))
    return key
