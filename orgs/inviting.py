"""Invitations: sending, renewing, cancelling and accepting them (docs/rules.md sections 2, 10 and 11)."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from orgs import access, accounts, clock, invitation_links, notices, people, user_log
from orgs.models import Invitation, NoAgreement, Organisation, User, terms_on
from orgs.roles import ROLES_OF_KIND, Capability, Role

Event = user_log.Event


class Problem(Enum):
    """Why an invitation can't be accepted."""

    UNKNOWN = "unknown"  # forged, mistyped, or of a round that a newer link has replaced
    CANCELLED = "cancelled"
    USED = "used"
    EXPIRED = "expired"
    CLOSED = "closed"  # the organisation
    WRONG_PERSON = "wrong_person"
    HAS_ACCOUNT = "has_account"  # since a moment ago: another invitation was accepted


class InvitationRefused(Exception):
    """The invitation can't be accepted; `problem` says why."""

    def __init__(self, problem: Problem, invitation: Invitation | None = None) -> None:
        super().__init__(problem.value)
        self.problem, self.invitation = problem, invitation


class TooMany(Exception):
    """Someone has sent as many invitations in a day as anyone may."""


class Finding(Enum):
    """What the check before sending says of one pasted address."""

    NEW = "new"
    KNOWN = "known"  # has an account: will gain the role and no second account
    MEMBER = "member"  # has all these roles here already
    INVITED = "invited"  # has an open invitation here already
    OWN = "own"  # one's own: nobody gives a role to themselves
    INVALID = "invalid"


# Whoever makes the first agreement comes by an invitation, too: docs/rules.md section 10 has this number.
FIRST_INVITATION_DAYS = 14
# A taken-over account must not send mail in our name without end.
MOST_A_DAY = 300
SENDABLE = (Finding.NEW, Finding.KNOWN)
_BETWEEN_ADDRESSES = re.compile(r"[,;\n]")


@dataclass(frozen=True)
class Checked:
    """A pasted address and what was found of it."""

    address: str
    finding: Finding


def addresses_in(text: str) -> list[str]:
    """Return the addresses in pasted text, in order and each once.

    They may stand on lines of their own or be parted by commas, semicolons or spaces, with names
    before them: "Aino Neuvonen <aino@espoo.example>;". Takes time in proportion to the text.
    """
    found: list[str] = []
    for piece in _BETWEEN_ADDRESSES.split(text):
        before, *bracketed = piece.split("<")
        if not bracketed:
            found += before.split()
        for part in bracketed:
            address, _bracket, after = part.partition(">")
            # What follows a bracket is the next one's name, unless it is an address itself.
            found += [address, *(word for word in after.split() if "@" in word)]
    return list(dict.fromkeys(filter(None, (address.strip().lower() for address in found))))


def check(
    organisation: Organisation, addresses: Iterable[str], roles: Sequence[str], *, by: User
) -> list[Checked]:
    """Tell of each address what sending an invitation to it would do.

    That an address has an account is told only to those who see that account anyway.
    """
    seen = access.people_visible_to(by)
    return [Checked(address, _finding(organisation, address, roles, seen, by)) for address in addresses]


def _finding(
    organisation: Organisation,
    address: str,
    roles: Sequence[str],
    seen: "QuerySet[User, User]",
    by: User | None,
) -> Finding:
    try:
        User._meta.get_field("email").run_validators(address)
    except ValidationError:
        return Finding.INVALID
    if by is not None and by.email.lower() == address.lower():
        return Finding.OWN
    if Invitation.objects.open().filter(email__iexact=address, organisation=organisation).exists():
        return Finding.INVITED
    user = seen.filter(email__iexact=address).first()
    if user is None:
        return Finding.NEW
    held = set(people.roles_of(user, organisation))
    return Finding.MEMBER if user.is_active and held.issuperset(roles) else Finding.KNOWN


def invite(
    organisation: Organisation, address: str, roles: Sequence[str], *, language: str, by: User | None
) -> Invitation | None:
    """Invite one person; returns None where there is nothing to send (see `Finding`).

    Raises PermissionDenied for those who don't manage the organisation's people, ValueError for
    roles that the organisation can't give, TooMany for more in a day than anyone needs. `by` is None
    only when the first person of a new installation is invited from the command line.
    """
    if by is not None:
        access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    if not roles or not set(roles) <= set(ROLES_OF_KIND[organisation.kind]) or organisation.closed_on:
        raise ValueError("roles that the organisation can't give")
    if by is not None:
        people.require_giving(by, organisation, roles)
    if _finding(organisation, address, roles, User.objects.all(), by) not in SENDABLE:
        return None
    now = clock.now()
    _keep_to_the_limit(by, now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=address.lower(),
                organisation=organisation,
                roles=list(dict.fromkeys(roles)),
                language=language,
                invited_by=by,
                created_at=now,
                expires_at=_valid_until(now, by),
            )
            _send(invitation)
            user_log.record(
                Event.INVITED,
                actor=by,
                organisation=organisation,
                invitation=invitation.pk,
                roles=list(roles),
            )
    except IntegrityError:  # another invited the same person at the same moment
        return None
    return invitation


def _keep_to_the_limit(by: User | None, now: datetime.datetime) -> None:
    day_ago = now - datetime.timedelta(days=1)
    if by and Invitation.objects.filter(invited_by=by, created_at__gt=day_ago).count() >= MOST_A_DAY:
        raise TooMany


def _valid_until(now: datetime.datetime, by: User | None) -> datetime.datetime:
    try:
        days = terms_on(clock.today()).invitation_days
    except NoAgreement:
        if by is not None:
            raise
        days = FIRST_INVITATION_DAYS
    return now + datetime.timedelta(days=days)


def _send(invitation: Invitation) -> None:
    notices.tell_address(
        "invitation",
        invitation.email,
        invitation.language,
        invitation=invitation.pk,
        round=invitation.round,
    )


@transaction.atomic
def renew(invitation: Invitation, *, by: User | None) -> None:
    """Send a new link with a new time to accept; every older link stops working.

    `by` is None only from the command line, as in `invite`. Raises notices.ToldOften.
    """
    locked = _locked_open(invitation, by)
    if by is not None:
        notices.link_within_limits("invitation", address=locked.email)
    locked.round += 1
    locked.expires_at = _valid_until(clock.now(), by)
    locked.save()
    _send(locked)
    user_log.record(
        Event.INVITATION_RENEWED, actor=by, organisation=locked.organisation, invitation=locked.pk
    )


@transaction.atomic
def cancel(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back."""
    locked = _locked_open(invitation, by)
    locked.cancelled_at = clock.now()
    locked.save()
    user_log.record(
        Event.INVITATION_CANCELLED, actor=by, organisation=locked.organisation, invitation=locked.pk
    )


def _locked_open(invitation: Invitation, by: User | None) -> Invitation:
    if by is not None:
        access.require(by, Capability.MANAGE_PEOPLE, access.own(invitation.organisation))
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.cancelled_at is not None:
        raise InvitationRefused(Problem.CANCELLED, locked)
    if locked.accepted_at is not None:
        raise InvitationRefused(Problem.USED, locked)
    return locked


def find(token: str, *, lock: bool = False) -> Invitation:
    """Return the invitation that a link opens; raises InvitationRefused where it opens none (any more)."""
    opened = invitation_links.opened(token)
    if opened is None:
        raise InvitationRefused(Problem.UNKNOWN)
    rows = Invitation.objects.select_related("organisation", "invited_by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(pk=opened.number).first()
    if invitation is None or invitation.round != opened.round:
        raise InvitationRefused(Problem.UNKNOWN)
    if invitation.cancelled_at is not None:
        raise InvitationRefused(Problem.CANCELLED, invitation)
    if invitation.accepted_at is not None:
        raise InvitationRefused(Problem.USED, invitation)
    if invitation.organisation.closed_on is not None:
        raise InvitationRefused(Problem.CLOSED, invitation)
    if invitation.has_expired(clock.now()):
        raise InvitationRefused(Problem.EXPIRED, invitation)
    return invitation


def account_of(invitation: Invitation) -> User | None:
    """Return the account that the invited address has already."""
    return User.objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def accept_as(user: User, token: str) -> Invitation:
    """Give a signed-in person the roles of the invitation."""
    invitation = _find_and_lock(token)
    if user.email.lower() != invitation.email.lower():
        raise InvitationRefused(Problem.WRONG_PERSON, invitation)
    _accept(invitation, user)
    return invitation


@transaction.atomic
def accept_as_new(token: str, *, password: str | None, full_name: str, language: str) -> User:
    """Make the account, or open the closed one, of an invited person, with the roles.

    `password` is None for those who sign in through their employer.
    """
    invitation = _find_and_lock(token)
    user = account_of(invitation)
    if user is None:
        user = _create(invitation, password, full_name, language)
    elif user.is_active:
        # Who has an account signs in with it: a link alone must not set its password.
        raise InvitationRefused(Problem.HAS_ACCOUNT, invitation)
    else:
        user.full_name, user.language = full_name, language
        user.set_password(password)
        accounts.reopen(user)
    _accept(invitation, user)
    return user


def _find_and_lock(token: str) -> Invitation:
    """Return the invitation with its organisation, the person and itself locked, in this order.

    Whoever removes the person or closes the organisation meanwhile has done so, or waits.
    """
    invitation = find(token)
    Organisation.objects.select_for_update(no_key=True).get(pk=invitation.organisation_id)
    User.objects.select_for_update(no_key=True).filter(email__iexact=invitation.email).first()
    return find(token, lock=True)


def _create(invitation: Invitation, password: str | None, full_name: str, language: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                invitation.email, password, full_name=full_name, language=language
            )
    except IntegrityError as error:  # another invitation of the same address was accepted just now
        raise InvitationRefused(Problem.HAS_ACCOUNT, invitation) from error


def _accept(invitation: Invitation, user: User) -> None:
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save()
    for role in invitation.roles:
        people.give_role(user, invitation.organisation, Role(role), by=invitation.invited_by)
    user_log.record(
        Event.INVITATION_ACCEPTED,
        actor=user,
        organisation=invitation.organisation,
        invitation=invitation.pk,
    )
    notices.tell_holders("invitation_accepted", invitation.organisation, [Role.MAIN_USER], about=user)
