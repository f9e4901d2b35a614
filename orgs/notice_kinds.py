"""The kinds of notices: what each is about, and what its template needs to know.

The words of a kind stand in `templates/notices/<kind>.txt`: the subject on the first line, then
paragraphs. A paragraph "→ words | address" is a link, "## words" a heading. `orgs.messages` makes text
and HTML of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from orgs import factor_links, invitation_links
from orgs.localised import reading
from orgs.models import Invitation, Notice, NoticeClass, Organisation, User
from orgs.roles import Body, Role, SeatKind

Context = dict[str, Any]
_SECONDS_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class NoticeKind:
    """One kind. `words` returns the template's context from the notice, None where it is not needed any more.

    The text of a `secret` kind holds a link that opens something, so it is not kept after sending. One
    `at_once` never waits for a digest. `files` returns what is attached: name, content, media type.
    """

    notice_class: NoticeClass
    words: Callable[[Notice], Context | None]
    secret: bool = False
    at_once: bool = False
    files: Callable[[Notice], list[tuple[str, bytes, str]]] | None = None


def absolute(path: str) -> str:
    """Return the public address of a path of ours."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _as_told(notice: Notice) -> Context:
    return dict(notice.context)


def _own_page(notice: Notice) -> Context:
    return dict(notice.context) | {"link": absolute(reverse("orgs:own"))}


def _access_token(notice: Notice) -> Context:
    """Lead to the page on which the token is revoked, and name its organisation, if it has one."""
    context = dict(notice.context)
    if organisation := context.get("organisation"):
        found = Organisation.objects.get(external_id=organisation)
        context["organisation"] = reading(found.name, notice.language).text
        return context | {"link": absolute(reverse("orgs:tokens_of", args=[organisation]))}
    return context | {"link": absolute(reverse("orgs:tokens"))}


def _organisation(notice: Notice) -> Context:
    """Name the organisation, the role and the seat in the recipient's language."""
    context = dict(notice.context)
    organisation = Organisation.objects.get(external_id=context["organisation"])
    context["organisation"] = reading(organisation.name, notice.language).text
    if "role" in context:
        context["role"] = Role(context["role"]).label
    if "body" in context:
        context["seat"] = _seat(context)
    context["link"] = absolute(reverse("orgs:own"))
    context["people"] = absolute(reverse("orgs:people", args=[organisation.external_id]))
    return context


def _holder(notice: Notice) -> Context:
    """Name what someone holds, seat by seat, in the recipient's language."""
    context = dict(notice.context) | {"link": absolute(reverse("account_login"))}
    held = []
    for seat in context.get("seats", ()):
        organisation = Organisation.objects.get(external_id=seat["organisation"])
        name = reading(organisation.name, notice.language).text
        held.append(f"{_seat(seat)} ({name})")
        context["people"] = absolute(reverse("orgs:people", args=[organisation.external_id]))
    if count := context.get("duties", 0):
        words = ngettext("%(n)s half of an updater pair", "%(n)s halves of updater pairs", count)
        held.append(words % {"n": count})
    context.setdefault("people", absolute(reverse("orgs:organisations")))
    return context | {"held": held}


def _seat(context: Context) -> str:
    kind = str(SeatKind(context["seat"]).label).lower()
    return f"{Body(context['body']).label}, {kind}"


def _person_of_project(notice: Notice) -> Context:
    """Name the role, and lead to the page on which it is taken back."""
    number, organisation = notice.context["number"], notice.context["organisation"]
    page = reverse("orgs:person", args=[organisation, number])
    return _organisation(notice) | {"link": absolute(page)}


def _password_reset(notice: Notice) -> Context | None:
    """Return the link for the account of the address; None where there is none: then no mail goes out."""
    user = User.objects.filter(email__iexact=notice.address, is_active=True).first()
    if user is None:
        return None
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = absolute(reverse("account_reset_password_from_key", kwargs=key))
    return {"link": link, "days": settings.PASSWORD_RESET_TIMEOUT // _SECONDS_A_DAY}


def _factor_reset(notice: Notice) -> Context:
    assert notice.recipient is not None
    link = reverse("orgs:factor_reset", args=[factor_links.token(notice.recipient)])
    return dict(notice.context) | {"link": absolute(link)}


def _invitation(notice: Notice) -> Context | None:
    found = (
        Invitation.objects.open()
        .filter(pk=notice.context["invitation"], round=notice.context["round"])
        .select_related("organisation", "invited_by")
        .first()
    )
    if found is None:
        return None
    return {
        "organisation": reading(found.organisation.name, notice.language).text,
        "roles": found.role_labels,
        "invited_by": found.invited_by,
        "until": found.expires_at,
        "link": absolute(reverse("orgs:invitation", args=[invitation_links.token(found)])),
    }


KINDS: dict[str, NoticeKind] = {
    "invitation": NoticeKind(NoticeClass.SECURITY, _invitation, secret=True),
    "account_mail": NoticeKind(NoticeClass.SECURITY, _as_told, secret=True),
    "security_change": NoticeKind(NoticeClass.SECURITY, _own_page),
    "access_token": NoticeKind(NoticeClass.SECURITY, _access_token),
    "password_reset": NoticeKind(NoticeClass.SECURITY, _password_reset, secret=True),
    "factor_reset": NoticeKind(NoticeClass.SECURITY, _factor_reset, secret=True),
    "factor_reset_started": NoticeKind(NoticeClass.SECURITY, _organisation),
    "factor_reset_done": NoticeKind(NoticeClass.SECURITY, _organisation),
    "inactive_first": NoticeKind(NoticeClass.SECURITY, _holder),
    "inactive_second": NoticeKind(NoticeClass.SECURITY, _holder),
    "holder_inactive": NoticeKind(NoticeClass.MEMBERSHIP, _holder),
    "seat_empty": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "account_blocked": NoticeKind(NoticeClass.SECURITY, _as_told),
    "role_given": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "project_role_given": NoticeKind(NoticeClass.SECURITY, _person_of_project),
    "role_ended": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "seat_given": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "seat_ended": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "duties_received": NoticeKind(NoticeClass.MEMBERSHIP, _organisation),
    "invitation_accepted": NoticeKind(NoticeClass.ORGANISATION, _organisation),
    "person_left": NoticeKind(NoticeClass.ORGANISATION, _organisation),
}


def register(name: str, kind: NoticeKind) -> None:
    """Add a kind of a room above."""
    KINDS[name] = kind
