"""Why a person was refused, in words: which role would be needed, and whom to ask for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from orgs import access
from orgs.models import Organisation, User
from orgs.roles import CAPABILITIES, ROLES_OF_KIND, UPDATER, Body, Capability, Holder, Role, SeatKind
from orgs.wording import lower_first

_MANAGERS = (Role.MAIN_USER,)
_PROJECT = (Role.PROJECT_MANAGER, Role.ICT_SPECIALIST)


@dataclass(frozen=True)
class Refusal:
    """What to tell a person who was refused: the reason as a sentence, and who may change it."""

    reason: str
    ask: list[User]


def explain(user: User, capabilities: Collection[Capability]) -> Refusal:
    """Return why `user` may not do what one of `capabilities` allows; none given: any reason at all."""
    held = {position.holder for position in access.positions(user)}
    holders = list(dict.fromkeys(holder for one in capabilities for holder in CAPABILITIES[one]))
    within = [holder for holder in holders if _in_reach(holder, {one.kind for one in held})]
    if not held:
        reason = _("You have no role in any organisation at the moment.")
    elif not holders:
        reason = _("Your roles don't allow this.")
    elif held.intersection(holders):
        reason = _("Your roles allow this in your own organisation's matters only; this one is another's.")
    elif within:
        reason = _("For this you would need the role %(roles)s.") % {"roles": _one_of(within)}
    else:
        reason = _("This is for others: %(roles)s.") % {"roles": _all_of(holders)}
    return Refusal(reason, _who_to_ask(user))


def _in_reach(holder: Holder, kinds: Collection[str]) -> bool:
    """Tell whether someone with roles in these kinds of organisation can be given what `holder` says."""
    if holder.kind in ROLES_OF_KIND:
        return holder.kind in kinds
    return holder.kind in Body.values and Organisation.Kind.PARTNER in kinds


def _one_of(holders: Iterable[Holder]) -> str:
    return get_text_list([_name(holder) for holder in holders], _("or"))


def _all_of(holders: Iterable[Holder]) -> str:
    kinds = dict(Organisation.Kind.choices)
    names = [
        f"{_name(holder)} ({lower_first(str(kinds[holder.kind]))})" if holder.kind in kinds else _name(holder)
        for holder in holders
    ]
    return get_text_list(names, _("and"))


def _name(holder: Holder) -> str:
    """Return what a holder is called within a sentence."""
    if holder == UPDATER:
        return _("updater of the service")
    if holder.kind in Body.values:
        seat, body = SeatKind(holder.name).label, Body(holder.kind).label
        return f"{lower_first(str(body))} ({lower_first(str(seat))})"
    return lower_first(str(Role(holder.name).label))


def _who_to_ask(user: User) -> list[User]:
    """Return the main users of the person's organisations; the project's people for main users themselves."""
    own = Organisation.objects.open().filter(
        pk__in={position.organisation for position in access.positions(user)}
    )
    asked = list(access.holders_among(own, _MANAGERS))
    if not asked or user in asked:
        project = Organisation.objects.open().filter(kind=Organisation.Kind.PROJECT)
        asked = list(access.holders_among(project, _PROJECT))
    return [person for person in asked if person != user]
