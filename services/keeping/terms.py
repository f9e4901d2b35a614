"""Changing vocabularies: words, order, what is added and what is taken away (docs/rules.md section 11)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, user_log
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import User
from orgs.roles import Capability
from services.keeping import uses
from services.log_events import Done, Event
from services.models import Place, Term
from services.models.vocabulary import Vocabulary
from services.names import free_key
from services.tasks import rebuild_read_model

# Rules name these terms, so that their words can change, but none can be added or taken away.
FIXED = frozenset({Vocabulary.AUDIENCE, Vocabulary.AGE_BAND})
# Whose terms stand under others.
NESTED = frozenset({Vocabulary.CATEGORY})
_LONGEST_KEY = 56  # so that a number still fits


@transaction.atomic
def save(term: Term, *, by: User) -> None:
    """Add a term at the end of its vocabulary, with a key made of its Finnish label, or change one's words.

    Raises PermissionDenied, and ValidationError with what is wrong.
    """
    access.require(by, Capability.EDIT_VOCABULARIES)
    new = term.pk is None
    if new:
        if term.vocabulary in FIXED:
            raise ValidationError(
                _("Nothing can be added to this vocabulary, because rules refer to its terms.")
            )
        terms = in_order(term.vocabulary, lock=True)
        taken = {one.key for one in terms}
        term.key = free_key(
            term.label.get(SOURCE_LANGUAGE, ""), taken.__contains__, longest=_LONGEST_KEY, otherwise="sana"
        )
        term.position = max((one.position for one in terms), default=-1) + 1
    _check_parent(term)
    term.full_clean()
    term.save()
    _changed(term, Done.ADDED if new else Done.CHANGED, by)


def _check_parent(term: Term) -> None:
    parent = term.parent
    if parent is None:
        return
    if parent.vocabulary != term.vocabulary or term.vocabulary not in NESTED:
        raise ValidationError({"parent": _("Choose a term of the same vocabulary.")})
    if parent == term or parent.parent_id is not None:
        raise ValidationError({"parent": _("There are two levels: choose a term of the top level.")})
    if term.pk and term.children.exists():
        raise ValidationError({"parent": _("Terms belong under this one, so it stays on the top level.")})


@transaction.atomic
def move(term: Term, *, up: bool, by: User) -> None:
    """Let a term change places with the one before or after it on its level; nothing at the ends."""
    access.require(by, Capability.EDIT_VOCABULARIES)
    terms = in_order(term.vocabulary, lock=True)
    level = [one for one in terms if one.parent_id == term.parent_id]
    here = level.index(term)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(level):
        return
    terms = nested(swapped(level, here, there), terms)
    for position, one in enumerate(terms):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])
    _changed(term, Done.MOVED, by)


def swapped(items: Sequence[Term], one: int, other: int) -> list[Term]:
    """Return the items with two of them having changed places."""
    found = list(items)
    found[one], found[other] = found[other], found[one]
    return found


def nested(first: Sequence[Term], terms: Sequence[Term]) -> list[Term]:
    """Return all terms, each upper one followed by those under it; those of `first` in its order."""
    rank = {one.pk: place for place, one in enumerate(first)}
    ordered = sorted(terms, key=lambda one: rank.get(one.pk, one.position + len(rank)))
    under: dict[int | None, list[Term]] = {}
    for one in ordered:
        under.setdefault(one.parent_id, []).append(one)
    return [each for upper in under.get(None, ()) for each in (upper, *under.get(upper.pk, ()))]


def obstacles(term: Term, used: uses.Uses) -> list[str]:
    """Return why a term can't be taken away, in sentences; nothing where it can."""
    if term.vocabulary in FIXED:
        return [_("Rules refer to this term, so it can't be removed.")]
    found = []
    if used:
        found.append(_("Services use this term, or have used it, so it can't be removed."))
    if term.children.exists():
        found.append(_("Other terms belong under it. Move them first."))
    if Place.objects.filter(accessibility=term).exists():
        found.append(_("Places use this term. Remove it from them first."))
    return found


@transaction.atomic
def remove(term: Term, *, by: User) -> None:
    """Take a term away that nothing uses. Raises PermissionDenied, ValidationError where something does."""
    access.require(by, Capability.EDIT_VOCABULARIES)
    in_order(term.vocabulary, lock=True)
    if problems := obstacles(term, uses.of(term.vocabulary).get(term.key, uses.Uses())):
        raise ValidationError(problems)
    _changed(term, Done.REMOVED, by)
    term.delete()


def in_order(vocabulary: str, *, lock: bool = False) -> list[Term]:
    """Return a vocabulary's terms as they are shown: each upper one followed by those under it."""
    rows = Term.objects.filter(vocabulary=vocabulary)
    return nested((), list(rows.select_for_update() if lock else rows))


def _changed(term: Term, done: str, by: User) -> None:
    """Write it into the user log, and have the published pages follow: they carry labels."""
    user_log.record(Event.VOCABULARY_CHANGED, actor=by, done=done, vocabulary=term.vocabulary, key=term.key)
    transaction.on_commit(rebuild_read_model.delay, robust=True)
