"""The posts that the agreement asks for and nobody fills, of the organisations that a person manages."""

from orgs import access, clock, staffing
from orgs.models import NoAgreement, Organisation, User, terms_on
from orgs.roles import Capability, organisations_of

Posts = list[tuple[Organisation, list[staffing.Post]]]


def posts_missing(user: User) -> Posts:
    """Return the organisations that the person manages and that lack people, with the posts."""
    managed = organisations_of(Capability.MANAGE_PEOPLE, access.positions(user))
    organisations = Organisation.objects.open().exclude(kind=Organisation.Kind.PROJECT)
    if managed is not None:
        organisations = organisations.filter(pk__in=managed)
    try:
        by_organisation = staffing.staffing_of(organisations, terms_on(clock.today()))
    except NoAgreement:
        return []
    found = ((one, [post for post in by_organisation[one.pk] if post.missing]) for one in organisations)
    return [(one, posts) for one, posts in found if posts]
