"""A lost second factor: a main user or ICT starts taking it off, the person confirms by mail."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, accounts, clock, factor_links, notices, people, user_log
from orgs.models import Membership, Organisation, User
from orgs.models.dated import in_force
from orgs.roles import Capability, Role
from orgs.sign_in import has_second_factor

Event = user_log.Event
_MANAGERS = (Role.MAIN_USER, Role.ICT_SPECIALIST)


class LinkRefused(Exception):
    """The link is forged, too old, used, or the factor has been used since."""


def start(user: User, organisation: Organisation, *, by: User) -> None:
    """Send the person the link; everyone who manages the organisation's people is told.

    Raises PermissionDenied without the right, ValidationError where there is nothing to take off,
    notices.ToldOften after several links in an hour.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    if by == user:
        raise ValidationError(_("Change your own second factor on your own page."))
    if not user.is_active or not people.roles_of(user, organisation):
        raise ValidationError(_("The person is no longer in this organisation."))
    if not has_second_factor(user):
        raise ValidationError(_("%(person)s has no second factor.") % {"person": user})
    notices.link_within_limits("factor_reset", recipient=user)
    with transaction.atomic():
        notices.tell("factor_reset", user, by=str(by))
        notices.tell_holders("factor_reset_started", organisation, _MANAGERS, about=user, but=by, by=str(by))
        user_log.record(Event.FACTOR_RESET_STARTED, actor=by, subject=user, organisation=organisation)


def of(text: str) -> User:
    """Return whose second factor a link takes off; raises LinkRefused where it opens nothing (any more)."""
    user = factor_links.opened(text)
    if user is None:
        raise LinkRefused
    return user


@transaction.atomic
def confirm(text: str) -> User:
    """Take every factor off the person's account and end its sessions; everyone is told."""
    user = User.objects.select_for_update().get(pk=of(text).pk)
    of(text)  # another click may have come first
    Authenticator.objects.filter(user=user).delete()
    accounts.end_sessions(user)
    notices.tell("security_change", user, what="factor_reset")
    held = Membership.objects.filter(in_force(clock.today()), user=user)
    for organisation in Organisation.objects.filter(memberships__in=held).distinct():
        notices.tell_holders("factor_reset_done", organisation, _MANAGERS, about=user)
    user_log.record(Event.FACTOR_RESET, actor=user, subject=user)
    return user
