"""Access tokens: making, taking over and revoking them, and who stands behind one that is shown.

A token does what its person may do that day, within its scopes; one of an organisation does what its
person may do there, and nothing that follows from other organisations or from personal exceptions.
Source: docs/rules.md section 11.
"""

import datetime
import hashlib
import secrets
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from orgs import access, clock, notices, user_log
from orgs.models import AccessToken, Organisation, User
from orgs.roles import Capability, Holder, Position, Role
from orgs.user_log import Event

Scope = AccessToken.Scope
Tokens = QuerySet[AccessToken, AccessToken]
START = "pm_"  # by which scanners of source code know one of ours
DAYS = (30, 90, 365)
MOST = 20  # open tokens of a person or an organisation
_USED_AGAIN = datetime.timedelta(hours=1)


def keepers(organisation: Organisation) -> set[int]:
    """Return in whose hands an organisation's tokens may be, by numbers. Source: docs/rules.md section 11."""
    own = access.holders_in(organisation, [Role.MAIN_USER]).values_list("pk", flat=True)
    return {*own, *(one.pk for one in access.ict_specialists())}


def may_keep(user: User, organisation: Organisation) -> bool:
    """Tell whether an organisation's tokens may be in a person's hands."""
    return organisation.closed_on is None and access.may(
        user, Capability.KEEP_TOKENS, access.own(organisation)
    )


def positions_for(user: User, organisation: Organisation) -> tuple[Position, ...]:
    """Return what a token of an organisation lets through of its person's positions: those held there.

    ICT, who may all of that anywhere, does for others what their main user may.
    """
    held = tuple(one for one in access.positions(user) if one.organisation == organisation.pk)
    return held or (Position(Holder(organisation.kind, Role.MAIN_USER), organisation.pk),)


def of_person(user: User) -> Tokens:
    """Return a person's own tokens."""
    return AccessToken.objects.filter(user=user, organisation=None)


def of_organisation(organisation: Organisation) -> Tokens:
    """Return an organisation's tokens."""
    return AccessToken.objects.filter(organisation=organisation).select_related("user")


@transaction.atomic
def make(
    user: User,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    organisation: Organisation | None = None,
    request: HttpRequest | None = None,
) -> tuple[AccessToken, str]:
    """Make a token and return it with its secret, which is kept nowhere.

    Raises PermissionDenied where an organisation's would be in the wrong hands, ValidationError with
    what to do instead.
    """
    if organisation and not may_keep(user, organisation):
        raise PermissionDenied
    today = clock.today()
    User.objects.select_for_update().get(pk=user.pk)
    own = of_organisation(organisation) if organisation else of_person(user)
    if own.filter(revoked_at=None, expires_on__gte=today).count() >= MOST:
        raise ValidationError(
            _("There are %(most)s tokens already. Revoke one first."), params={"most": MOST}
        )
    if days not in DAYS or not set(scopes) <= set(Scope.values):
        raise ValidationError(_("Choose from what is offered."))
    secret = START + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        organisation=organisation,
        name=name,
        scopes=sorted(scopes),
        hashed=_hash(secret),
        hint=secret[-4:],
        created_at=clock.now(),
        expires_on=today + datetime.timedelta(days=days),
    )
    _record(Event.TOKEN_MADE, token, by=user, request=request)
    return token, secret


@transaction.atomic
def revoke(token: AccessToken, *, by: User, request: HttpRequest | None = None) -> None:
    """Let a token open nothing any more; one that was revoked stays as it is."""
    locked = AccessToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = clock.now()
        locked.save(update_fields=["revoked_at"])
        _record(Event.TOKEN_REVOKED, locked, by=by, request=request)


@transaction.atomic
def take_over(token: AccessToken, *, by: User, request: HttpRequest | None = None) -> None:
    """Take an organisation's token into one's own hands: from now on it does what `by` may do there."""
    locked = AccessToken.objects.select_for_update().get(pk=token.pk)
    if locked.organisation is None or not may_keep(by, locked.organisation):
        raise PermissionDenied
    if not locked.is_open(clock.today()):
        raise ValidationError(_("The token is not valid any more. Make a new one."))
    locked.user = by
    locked.save(update_fields=["user"])
    _record(Event.TOKEN_TAKEN_OVER, locked, by=by, request=request)


def _record(event: Event, token: AccessToken, *, by: User, request: HttpRequest | None) -> None:
    """Write it down, and tell those whose token it is: by mail, since it may not have been them."""
    user_log.record(
        event,
        actor=by,
        subject=token.user,
        organisation=token.organisation,
        request=request,
        token=token.pk,
        scopes=token.scopes,
    )
    told = {token.user}
    if token.organisation:
        told |= set(access.holders_in(token.organisation, [Role.MAIN_USER]))
    what = {Event.TOKEN_MADE: "made", Event.TOKEN_REVOKED: "revoked", Event.TOKEN_TAKEN_OVER: "taken_over"}
    for person in sorted(told, key=lambda one: one.pk):
        notices.tell(
            "access_token",
            person,
            what=what[event],
            by=str(by),
            token=token.pk,
            name=token.name,
            **({"organisation": token.organisation.external_id} if token.organisation else {}),
        )


def holder_of(secret: str) -> tuple[User, AccessToken] | None:
    """Return who stands behind a token that is shown, with what it opens; None where it opens nothing.

    The person holds what the token lets through of the person's positions.
    """
    found = (
        AccessToken.objects.filter(hashed=_hash(secret), revoked_at=None, expires_on__gte=clock.today())
        .filter(user__is_active=True)
        .select_related("user", "organisation")
        .first()
    )
    if found is None:
        return None
    user, organisation = found.user, found.organisation
    if organisation and not may_keep(user, organisation):
        return None
    access.hold(user, positions_for(user, organisation) if organisation else None)
    _used(found)
    return user, found


def _used(token: AccessToken) -> None:
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= _USED_AGAIN:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    """Return what is kept of a secret: it has 256 bits of chance, so a plain hash tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
