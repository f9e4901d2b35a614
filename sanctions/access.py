"""Who sees and answers cases; lists come from here (docs/rules.md section 11)."""

from django.db.models import QuerySet

from orgs import access
from orgs.models import Organisation, User
from orgs.roles import Capability, organisations_of
from sanctions.models import Case, LedgerEntry, Letter

# What a case is shown with.
SHOWN = ("partner", "service", "run", "agreement", "handover__giver", "handover__receiver")


def partners_for(user: User, capability: Capability) -> "QuerySet[Organisation, Organisation]":
    """Return the partners over which a person has a right of this kind."""
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER)
    ids = organisations_of(capability, access.positions(user))
    return partners if ids is None else partners.filter(pk__in=ids)


def cases_for(user: User) -> "QuerySet[Case, Case]":
    """Return the cases that a person sees: all, the own partner's, or none."""
    seen = partners_for(user, Capability.SEE_CASES)
    return Case.objects.filter(partner__in=seen).select_related(*SHOWN)


def ledger_for(user: User) -> "QuerySet[LedgerEntry, LedgerEntry]":
    """Return the rows of the ledger that a person sees."""
    seen = partners_for(user, Capability.SEE_CASES)
    found = LedgerEntry.objects.filter(partner__in=seen)
    return found.select_related("partner", "case__partner", "by", "about")


def letters_for(user: User) -> "QuerySet[Letter, Letter]":
    """Return the letters that a person sees, those to the partners whose cases the person sees."""
    return Letter.objects.filter(partner__in=partners_for(user, Capability.SEE_CASES)).defer("pdf")


def may_answer(user: User, case: Case) -> bool:
    """Tell whether a person answers for the partner of the case."""
    return access.may(user, Capability.ANSWER_CASES, access.own(case.partner))
