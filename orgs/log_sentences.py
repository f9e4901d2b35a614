"""The events of this floor as sentences, for those who read the user log."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import brakes
from orgs.models import AccountStep, Invitation, LogEntry
from orgs.roles import Body, Role, SeatKind
from orgs.routes import address_of
from orgs.wording import lower_first

Event = LogEntry.Event
Values = Mapping[str, Any]


def tell(entries: list[LogEntry]) -> dict[int, str]:
    """Return a sentence for each entry."""
    numbers = {entry.detail["invitation"] for entry in entries if "invitation" in entry.detail}
    addresses = dict(Invitation.objects.filter(pk__in=numbers).values_list("pk", "email"))
    return {entry.pk: _sentence(entry, addresses) for entry in entries}


def parties(entry: LogEntry) -> dict[str, Any]:
    """Return who did it, to whom and in which organisation, as sentences name them."""
    return {
        "who": entry.actor or _("Palvelumanuaali"),
        "whom": entry.subject or _("unknown"),
        "organisation": entry.organisation or "",
    }


def _sentence(entry: LogEntry, addresses: Mapping[int, str]) -> str:
    detail = entry.detail
    values = parties(entry) | {
        "address": addresses.get(detail.get("invitation", 0)) or _("(address removed)"),
        "role": _label(Role, detail.get("role")),
        "roles": get_text_list([_label(Role, role) for role in detail.get("roles", ())], _("and")),
        "seat": f"{_label(Body, detail.get('body'))}, {lower_first(_label(SeatKind, detail.get('kind')))}",
        "factor": _factor(detail.get("factor")),
        "reason": lower_first(_label(AccountStep.Reason, detail.get("reason"))),
        "count": detail.get("count", 0),
        "service": detail.get("service", ""),
        "page": address_of(detail.get("route", "")),
        "what": detail.get("what", ""),
        "rows": detail.get("rows", 0),
        "format": str(detail.get("format", "")).upper(),
    }
    return _template(entry) % values


def _label(kinds: Any, value: str | None) -> str:
    """Return a value in words; as it was written where it does not exist any more."""
    return str(dict(kinds.choices).get(value, value or ""))


def _factor(kind: Any) -> str:
    return {
        Authenticator.Type.TOTP: _("authenticator app"),
        Authenticator.Type.WEBAUTHN: _("passkey"),
        Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
    }.get(kind, "")


def _template(entry: LogEntry) -> str:
    special = _SPECIAL.get(entry.event)
    return special(entry) if special else _TEMPLATES[entry.event]()


def _sign_in_failed(entry: LogEntry) -> str:
    if entry.detail.get("slowed"):
        if entry.subject is None:
            return _("A try to sign in was refused unseen, after too many tries.")
        return _("A try to sign in was refused unseen, after too many tries: %(whom)s.")
    if entry.subject is None:
        return _("Someone tried to sign in with an address that has no account.")
    if entry.detail.get("factor"):
        return _("Signing in failed, wrong code: %(whom)s.")
    return _("Signing in failed, wrong password: %(whom)s.")


def _handed_over(entry: LogEntry) -> str:
    if "service" in entry.detail:
        return _("%(who)s made %(whom)s the updater of the service %(service)s.")
    return ngettext(
        "%(who)s handed %(count)s service over to %(whom)s.",
        "%(who)s handed %(count)s services over to %(whom)s.",
        entry.detail.get("count", 0),
    )


def _people_read(entry: LogEntry) -> str:
    if entry.subject is None:
        return _("%(who)s read the list of people: %(organisation)s.")
    return _("%(who)s read the personal data of %(whom)s (%(organisation)s).")


def _sent_again(entry: LogEntry) -> str:
    return ngettext(
        "%(who)s had %(count)s notice sent again.",
        "%(who)s had %(count)s notices sent again.",
        entry.detail.get("count", 0),
    )


def _brake_released(entry: LogEntry) -> str:
    what = brakes.label_of(entry.detail.get("step", ""))
    return _("%(who)s let held work go on: {what}.").format(what=what)


def _exported(entry: LogEntry) -> str:
    if entry.detail.get("what") == "own data":
        return _("%(who)s downloaded their own data.")
    return ngettext(
        "%(who)s took a list along: %(what)s, %(rows)s row (%(format)s).",
        "%(who)s took a list along: %(what)s, %(rows)s rows (%(format)s).",
        entry.detail.get("rows", 0),
    )


def _token_made(entry: LogEntry) -> str:
    if entry.organisation is None:
        return _("%(who)s made an access token.")
    return _("%(who)s made an access token of %(organisation)s.")


_SPECIAL: Mapping[str, Callable[[LogEntry], str]] = {
    Event.SIGN_IN_FAILED: _sign_in_failed,
    Event.DUTIES_HANDED_OVER: _handed_over,
    Event.PEOPLE_READ: _people_read,
    Event.EXPORTED: _exported,
    Event.TOKEN_MADE: _token_made,
    Event.BRAKE_RELEASED: _brake_released,
    Event.NOTICES_SENT_AGAIN: _sent_again,
}
_TEMPLATES: Mapping[str, Callable[[], str]] = {
    Event.SIGNED_IN: lambda: _("%(who)s signed in."),
    Event.SIGNED_OUT: lambda: _("%(who)s signed out."),
    Event.REFUSED: lambda: _("%(who)s was refused a page (%(page)s)."),
    Event.PASSWORD_CHANGED: lambda: _("%(who)s changed the password."),
    Event.FACTOR_ADDED: lambda: _("%(who)s set up: %(factor)s."),
    Event.FACTOR_REMOVED: lambda: _("%(who)s removed: %(factor)s."),
    Event.FACTOR_RESET_STARTED: lambda: _("%(who)s sent %(whom)s a link for a lost second factor."),
    Event.FACTOR_RESET: lambda: _("%(who)s removed a lost second factor with the link."),
    Event.EMPLOYER_CONNECTED: lambda: _("%(who)s connected the employer's sign-in."),
    Event.EMPLOYER_REMOVED: lambda: _("%(who)s removed the employer's sign-in."),
    Event.INVITED: lambda: _("%(who)s invited %(address)s to the roles %(roles)s (%(organisation)s)."),
    Event.INVITATION_RENEWED: lambda: _("%(who)s invited %(address)s again (%(organisation)s)."),
    Event.INVITATION_CANCELLED: lambda: _("%(who)s called %(address)s's invitation off (%(organisation)s)."),
    Event.INVITATION_ACCEPTED: lambda: _("%(who)s accepted an invitation (%(organisation)s)."),
    Event.ROLE_GIVEN: lambda: _("%(who)s gave %(whom)s the role %(role)s (%(organisation)s)."),
    Event.ROLE_ENDED: lambda: _("%(who)s ended the role %(role)s of %(whom)s (%(organisation)s)."),
    Event.SEAT_GIVEN: lambda: _("%(who)s gave %(whom)s a seat: %(seat)s (%(organisation)s)."),
    Event.SEAT_ENDED: lambda: _("%(who)s ended a seat of %(whom)s: %(seat)s (%(organisation)s)."),
    Event.REMOVED: lambda: _("%(who)s removed %(whom)s from the organisation (%(organisation)s)."),
    Event.ACCOUNT_BLOCKED: lambda: _("The account of %(whom)s was blocked: %(reason)s."),
    Event.ACCOUNT_RETURNED: lambda: _("The account of %(whom)s is in use again."),
    Event.ACCOUNT_ANONYMISED: lambda: _("The personal data of an account was removed (%(whom)s)."),
    Event.ORGANISATION_ADDED: lambda: _("%(who)s added an organisation: %(organisation)s."),
    Event.ORGANISATION_CHANGED: lambda: _("%(who)s changed an organisation: %(organisation)s."),
    Event.ORGANISATION_CLOSED: lambda: _("%(who)s closed an organisation: %(organisation)s."),
    Event.AGREEMENT_CHANGED: lambda: _("%(who)s changed the joint agreement."),
    Event.TOKEN_REVOKED: lambda: _("%(who)s revoked an access token of %(whom)s."),
    Event.TOKEN_TAKEN_OVER: lambda: _("%(who)s took over an access token (%(organisation)s)."),
    Event.LOG_READ: lambda: _("%(who)s read the user log."),
}
