"""Keeping places: those of one's own organisation, or all (docs/rules.md section 11)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from orgs import access, user_log
from orgs.access import Reader
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import Organisation, User
from orgs.roles import Capability, Relation, Relations, organisations_of
from services.keeping import uses
from services.log_events import Done, Event
from services.models import Place, Term
from services.names import free_key
from services.tasks import rebuild_read_model

_LONGEST_KEY = 90  # so that a number still fits


def kept_by(user: Reader) -> "QuerySet[Place, Place]":
    """Return the places that `user` keeps.

    A place without a keeper of its own belongs to the partner in whose area it lies
    (docs/decisions/0027).
    """
    ids = organisations_of(Capability.MANAGE_PLACES, access.positions(user))
    rows = Place.objects.select_related("municipality", "owner")
    if ids is None:
        return rows
    return rows.filter(Q(owner__in=ids) | Q(owner=None, municipality__partners__in=ids)).distinct()


def keepers_for(user: Reader) -> "QuerySet[Organisation, Organisation]":
    """Return the organisations that `user` may name as a place's keeper."""
    ids = organisations_of(Capability.MANAGE_PLACES, access.positions(user))
    rows = Organisation.objects.open()
    return rows if ids is None else rows.filter(pk__in=ids)


def _relations(place: Place) -> Relations:
    if place.owner_id is not None:
        return {Relation.OWN: (place.owner_id,)}
    partners = place.municipality.partners.values_list("pk", flat=True) if place.municipality else ()
    return {Relation.OWN: tuple(partners)}


@transaction.atomic
def save(place: Place, accessibility: Iterable[Term], *, by: User) -> None:
    """Add a place, with an identifier made of its Finnish name, or change one.

    Raises PermissionDenied where it is not one's own before and after; ValidationError with what is wrong.
    """
    new = place.pk is None
    if not new:
        stored = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
        access.require(by, Capability.MANAGE_PLACES, _relations(stored))
    access.require(by, Capability.MANAGE_PLACES, _relations(place))
    if new:
        name = place.name.get(SOURCE_LANGUAGE, "")
        place.external_id = free_key(name, _is_taken, longest=_LONGEST_KEY, otherwise="toimipaikka")
    place.full_clean()
    place.save()
    place.accessibility.set(accessibility)
    _changed(place, Done.ADDED if new else Done.CHANGED, by)


def _is_taken(key: str) -> bool:
    return Place.objects.filter(external_id=key).exists()


@transaction.atomic
def remove(place: Place, *, by: User) -> None:
    """Take a place away that no service has ever named; raises PermissionDenied, ValidationError."""
    access.require(by, Capability.MANAGE_PLACES, _relations(place))
    if uses.of(uses.PLACES).get(place.external_id):
        raise ValidationError(_("Services use this place, or have used it, so it can't be removed."))
    _changed(place, Done.REMOVED, by)
    place.delete()


def _changed(place: Place, done: str, by: User) -> None:
    """Write it into the user log, and have the pages that name the place follow."""
    user_log.record(
        Event.PLACE_CHANGED, actor=by, organisation=place.owner, done=done, place=place.external_id
    )
    transaction.on_commit(rebuild_read_model.delay, robust=True)
