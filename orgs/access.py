"""What a person may do. Pages, interfaces and jobs ask here and nowhere else.

Everything is read from the database on each request, so that a change of roles works on the next.
"""

from collections.abc import Callable, Collection, Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from orgs import clock
from orgs.localised import here
from orgs.models import Membership, Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.roles import (
    Capability,
    Holder,
    Position,
    Relation,
    Relations,
    Role,
    allowed,
    changes_things,
    organisations_of,
)

Reader = User | AnonymousUser


class NotAllowed(PermissionDenied):
    """A person was refused for want of any of `capabilities`; the page that says so explains it."""

    def __init__(self, *capabilities: Capability) -> None:
        super().__init__()
        self.capabilities = capabilities


_HELD, _NAMES, _WITHIN = "_held_in_this_request", "_names_of_organisations", "_within_an_organisation"


def positions(user: Reader) -> tuple[Position, ...]:
    """Return what `user` holds today; nothing for visitors and for the blocked.

    A seat counts only while its holder has a role in the same partner.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    held: tuple[Position, ...] | None = getattr(user, _HELD, None)
    if held is not None:
        return held
    today = clock.today()
    memberships = Membership.objects.filter(in_force(today), user=user, organisation__closed_on=None)
    rows = list(memberships.values_list("organisation__kind", "role", "organisation", "organisation__name"))
    roles = [Position(Holder(kind, role), organisation) for kind, role, organisation, _name in rows]
    names = {organisation: name for _kind, _role, organisation, name in rows}
    setattr(user, _NAMES, names)
    own = names.keys()
    seats = [
        Position(Holder(body, kind), organisation)
        for body, kind, organisation in Seat.objects.filter(
            in_force(today), user=user, organisation__in=own
        ).values_list("body", "kind", "organisation")
    ]
    return (*roles, *seats)


def organisations_of_person(user: User) -> list[str]:
    """Return the names of the organisations in which a person has a role today, in the page's language."""
    positions(user)
    return sorted(here(name) for name in getattr(user, _NAMES, {}).values())


def hold(user: User, only: Collection[Position] | None = None) -> tuple[Position, ...]:
    """Read what the person of a request holds once for the whole request.

    Where somebody asks for one organisation, `only` what is held for it counts, and no exception that was
    made for the person.
    """
    held = positions(user) if only is None else tuple(only)
    if only is not None:
        setattr(user, _WITHIN, True)
    setattr(user, _HELD, held)
    return held


def asks_for_one_organisation(user: User) -> bool:
    """Tell whether only what follows from one organisation counts in this request."""
    return getattr(user, _WITHIN, False)


def may(user: Reader, capability: Capability, relations: Relations | None = None) -> bool:
    """Tell whether `user` may do this to what stands in `relations` (docs/rules.md section 11)."""
    return allowed(capability, positions(user), relations)


def holds(user: Reader, capability: Capability) -> bool:
    """Tell whether a person has a right of this kind over anything at all."""
    return organisations_of(capability, positions(user)) != set()


def require(user: Reader, capability: Capability, relations: Relations | None = None) -> None:
    """Raise NotAllowed where `may` says no."""
    if not may(user, capability, relations):
        raise NotAllowed(capability)


def own(organisation: Organisation) -> Relations:
    """Return the relations of an organisation and of everything that belongs to it."""
    return {Relation.OWN: (organisation.pk,)}


def reads_internal(user: Reader) -> bool:
    """Tell whether `user` may read internal information of any service (docs/rules.md section 11).

    True for every partner role and project role in force today; never for anonymous visitors or
    for people who are with providers only.
    """
    return may(user, Capability.READ_INTERNAL)


def needs_second_factor(user: Reader) -> bool:
    """Tell whether `user` may sign in only with a second factor (docs/rules.md section 10).

    It follows from what one may do today, whoever gave it, not from the names of one's roles.
    """
    if changes_things(positions(user)):
        return True
    return isinstance(user, User) and bool(changing_single_things([user.pk]))


# Who among some people may change single things, beside what their roles and seats give: rooms above tell.
_changing_single_things: list[Callable[[Collection[int]], set[int]]] = []


def register_single_rights(among: Callable[[Collection[int]], set[int]]) -> None:
    """Add a way in which people who only read otherwise come to change things."""
    if among not in _changing_single_things:
        _changing_single_things.append(among)


def changing_single_things(people: Collection[int]) -> set[int]:
    """Return those of some people, by their numbers, who have such a right today."""
    return {number for among in _changing_single_things for number in among(people)}


def managed_by(user: Reader) -> "QuerySet[Organisation, Organisation]":
    """Return the organisations whose people `user` manages."""
    return _of(user, Capability.MANAGE_PEOPLE)


def _of(user: Reader, capability: Capability) -> "QuerySet[Organisation, Organisation]":
    ids = organisations_of(capability, positions(user))
    return Organisation.objects.all() if ids is None else Organisation.objects.filter(pk__in=ids)


def people_visible_to(user: Reader) -> "QuerySet[User, User]":
    """Return the people whose accounts `user` may see: those of the organisations managed, and oneself."""
    if not isinstance(user, User):
        return User.objects.none()
    managed = managed_by(user)
    return User.objects.filter(Q(memberships__organisation__in=managed) | Q(pk=user.pk)).distinct()


def holders_in(organisation: Organisation, roles: Iterable[str]) -> "QuerySet[User, User]":
    """Return the people who hold one of `roles` in `organisation` today and may sign in."""
    return holders_among([organisation], roles)


def holders_among(organisations: Iterable[Organisation], roles: Iterable[str]) -> "QuerySet[User, User]":
    """Return the people who hold one of `roles` in any of the organisations today and may sign in."""
    held = Membership.objects.filter(in_force(clock.today()), organisation__in=organisations, role__in=roles)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


def project_managers() -> list[User]:
    """Return those who hold the project manager's role today and may sign in, by name."""
    return _in_the_project(Role.PROJECT_MANAGER)


def ict_specialists() -> list[User]:
    """Return who looks after everything that has no one else, by name."""
    return _in_the_project(Role.ICT_SPECIALIST)


def _in_the_project(role: Role) -> list[User]:
    projects = Organisation.objects.filter(kind=Organisation.Kind.PROJECT)
    return list(holders_among(projects, [role]).order_by("full_name", "pk"))
