"""People, organisations and what binds them."""

from orgs.models.access_token import AccessToken
from orgs.models.account import AccountStep
from orgs.models.agreement import (
    AgreedTerms,
    Agreement,
    CostShare,
    NoAgreement,
    terms_by_day,
    terms_on,
)
from orgs.models.brake import Brake
from orgs.models.dated import Dated
from orgs.models.decided import Decided
from orgs.models.invitation import Invitation
from orgs.models.job import Job
from orgs.models.log_entry import LogEntry
from orgs.models.membership import Membership
from orgs.models.municipality import Municipality
from orgs.models.notice import Notice, NoticeChoice, NoticeClass
from orgs.models.organisation import Organisation
from orgs.models.seat import Seat
from orgs.models.user import User

__all__ = [
    "AccessToken",
    "AccountStep",
    "AgreedTerms",
    "Agreement",
    "Brake",
    "CostShare",
    "Dated",
    "Decided",
    "Invitation",
    "Job",
    "LogEntry",
    "Membership",
    "Municipality",
    "NoAgreement",
    "Notice",
    "NoticeChoice",
    "NoticeClass",
    "Organisation",
    "Seat",
    "User",
    "terms_by_day",
    "terms_on",
]
