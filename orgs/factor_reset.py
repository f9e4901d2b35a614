"""A lost second factor: a main user or ICT starts taking it off, the person confirms by mail."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, accounts, factor_links, notices, people, user_log
from orgs.models import Organisation, User
from orgs.roles import Capability, Role

Event = user_log.Event


class LinkRefused(Exception):
    """The link is forged, too old, used, or the factor has been used since."""


def start(user: User, organisation: Organisation, *, by: User) -> None:
    """Send the person the link; everyone who manages the organisation's people is told.

    Raises PermissionDenied without the right, ValidationError where there is nothing to take off.
    """
    access.require(by, Capability.MANAGE_PEOPLE, access.own(organisation))
    if by == user:
        raise ValidationError(_("Change your own second factor on your own page."))
    if not user.is_active or not people.roles_of(user, organisation):
        raise ValidationError(_("The person is no longer in this organisation."))
    if not Authenticator.objects.filter(user=user).exists():
        raise ValidationError(_("%(person)s has no second factor.") % {"person": user})
    with transaction.atomic():
        notices.tell("factor_reset", user, by=str(by))
        _tell_managers("factor_reset_started", user, [organisation], but=by, by=str(by))
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
    organisations = Organisation.objects.filter(memberships__user=user, memberships__ends_on=None).distinct()
    _tell_managers("factor_reset_done", user, organisations, but=user)
    user_log.record(Event.FACTOR_RESET, actor=user, subject=user)
    return user


def _tell_managers(
    kind: str, user: User, organisations: Iterable[Organisation], *, but: User, **context: str
) -> None:
    for organisation in organisations:
        managers = access.holders_in(organisation, [Role.MAIN_USER, Role.ICT_SPECIALIST])
        for manager in managers.exclude(pk__in=[user.pk, but.pk]):
            notices.tell(kind, manager, name=str(user), organisation=organisation.external_id, **context)
