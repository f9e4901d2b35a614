"""Telling those who signed the agreement, and the project, what changes in it and from which day on."""

import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from orgs import clock, notice_kinds, notices
from orgs.agreement_changes import differences
from orgs.models import AgreedTerms, Agreement, Membership, Notice, NoticeClass, Organisation, Seat, User
from orgs.models.dated import in_force
from orgs.notice_kinds import NoticeKind, absolute
from orgs.roles import Role

_DAY = datetime.timedelta(days=1)


def readers() -> "list[User]":
    """Return those who may read the agreement: partners' main users, seats, the project's people."""
    today = clock.today()
    main = Q(role=Role.MAIN_USER, organisation__kind=Organisation.Kind.PARTNER)
    members = Membership.objects.filter(
        in_force(today), main | Q(organisation__kind=Organisation.Kind.PROJECT), organisation__closed_on=None
    )
    seats = Seat.objects.filter(in_force(today), organisation__closed_on=None)
    held = Q(pk__in=members.values("user")) | Q(pk__in=seats.values("user"))
    return list(User.objects.filter(held, is_active=True).order_by("pk"))


def set_(agreement: Agreement, *, by: User) -> None:
    """Tell that an agreement was added, or that its period is another."""
    _tell("agreement_set", by, agreement=agreement.pk)


def changed(agreed: AgreedTerms, *, by: User) -> None:
    """Tell that other terms or shares will hold."""
    _tell("terms_changed", by, agreement=agreed.agreement_id, agreed=agreed.pk)


def taken_back(agreed: AgreedTerms, *, by: User) -> None:
    """Tell that what was agreed on for a day to come will not hold after all."""
    _tell(
        "terms_taken_back", by, agreement=agreed.agreement_id, first=agreed.starts_on.isoformat(),
        decision=agreed.decision,
    )  # fmt: skip


def _tell(kind: str, by: User, **context: Any) -> None:
    for person in readers():
        if person != by:
            notices.tell(kind, person, **context)


def _of_agreement(notice: Notice) -> notice_kinds.Context | None:
    found = Agreement.objects.filter(pk=notice.context["agreement"]).first()
    if found is None:
        return None
    link = absolute(reverse("orgs:agreement", args=[found.pk]))
    context = dict(notice.context) | {"agreement": found, "link": link}
    if "first" in context:
        context["first"] = datetime.date.fromisoformat(context["first"])
    return context


def _of_change(notice: Notice) -> notice_kinds.Context | None:
    """Return what the change changes; None where it was taken back before it was told."""
    context = _of_agreement(notice)
    agreed = AgreedTerms.objects.filter(pk=notice.context["agreed"]).first()
    if context is None or agreed is None:
        return None
    before = agreed.agreement.agreed_on(agreed.starts_on - _DAY)
    found = differences((before, before.by_partner()), (agreed, agreed.by_partner()))
    changes = [f"{one.label}: {one.before} → {one.after}" for one in found]
    link = f"{context['link']}?on={agreed.starts_on.isoformat()}"
    return context | {"agreed": agreed, "changes": changes, "link": link}


def register() -> None:
    """Add the kinds of notices of agreements."""
    for name, words in (
        ("agreement_set", _of_agreement),
        ("terms_changed", _of_change),
        ("terms_taken_back", _of_agreement),
    ):
        notice_kinds.register(name, NoticeKind(NoticeClass.AGREEMENT, words))
