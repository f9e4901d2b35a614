"""People, organisations and municipalities."""

from orgs.models.membership import Membership
from orgs.models.municipality import Municipality
from orgs.models.organisation import Organisation
from orgs.models.user import User

__all__ = ["Membership", "Municipality", "Organisation", "User"]
