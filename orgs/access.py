"""What a person may do. Pages, interfaces and jobs ask here and nowhere else."""

from django.contrib.auth.models import AnonymousUser

from orgs import clock
from orgs.models import Membership, User
from orgs.roles import KINDS_THAT_READ_INTERNAL, in_force

Reader = User | AnonymousUser


def reads_internal(user: Reader) -> bool:
    """Tell whether `user` may read internal information of any service (domain.md section 11).

    True for every partner role and project role in force today; never for anonymous visitors or
    for people who are with providers only. Asked of the database each time, so that a change of
    roles works on the next request.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    return Membership.objects.filter(
        in_force(clock.today()), user=user, organisation__kind__in=KINDS_THAT_READ_INTERNAL
    ).exists()
