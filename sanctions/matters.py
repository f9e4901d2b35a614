"""What a partner's people read at their desk: remarks that run, what may cost, workshops to prepare."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import access, clock, dates, money
from orgs.localised import page_language
from orgs.models import Organisation, User
from orgs.roles import MAIN_USER, WORKING_GROUP_DEPUTY, WORKING_GROUP_MEMBER
from orgs.wording import lower_first
from sanctions import grounds, neglects, proceeding
from sanctions.attendance import Kind
from sanctions.models import Case, Decision, Meeting
from sanctions.proceeding import Stage
from workflow.desk.matters import Matter

# Who prepares a partner's workshops, and for how long its missing notes are asked for.
_PREPARING = (WORKING_GROUP_MEMBER, WORKING_GROUP_DEPUTY, MAIN_USER)
_NOTES_MISSED = datetime.timedelta(weeks=4)


def of(user: User) -> Iterator[Matter]:
    """Yield what runs of the partners whose main user a person is, the warnings, and workshops to prepare."""
    yield from _workshops(user)
    own = {one.organisation for one in access.positions(user) if one.holder == MAIN_USER}
    if not own:
        return
    yield from _remarks(own)
    partners = list(Organisation.objects.filter(pk__in=own))
    costs = neglects.costs_next(partners)
    for partner in partners:
        url = reverse("office:meetings")
        for kind, amount in costs.get(partner.pk, {}).items():
            yield Matter(str(partner), warning(kind, amount), url)


def _workshops(user: User) -> Iterator[Matter]:
    """Yield the workshops that a person's partners facilitate and whose material or notes are missing."""
    today = clock.today()
    preparing = {one.organisation for one in access.positions(user) if one.holder in _PREPARING}
    if not preparing:
        return
    turns = Meeting.objects.filter(kind=Meeting.Kind.WORKSHOP, facilitator__in=preparing)
    missing = Q(on__gte=today, material="") | Q(on__range=(today - _NOTES_MISSED, today), minutes="")
    for one in turns.filter(missing).exclude(facilitated=False).order_by("on"):
        name = f"{one.get_kind_display()} {dates.date(one.on)}"
        url = reverse("office:workshop", args=[one.pk])
        if one.on >= today and not one.material:
            yield Matter(name, _("It is your turn to facilitate: give the material."), url, one.on)
        else:
            yield Matter(name, _("Write the notes of the workshop."), url)


def _remarks(partners: set[int]) -> Iterator[Matter]:
    """Yield the open cases of partners in which something was given, with the last day to put it right."""
    given = Decision.objects.filter(
        kind=Decision.Kind.GIVEN, case__partner__in=partners, case__state=Case.State.OPEN
    ).select_related("case__service", "case__partner", "case__handover", "case__agreement")
    newest = {one.case_id: one for one in given.order_by("at", "pk")}
    for one in newest.values():
        case = one.case
        yield Matter(
            grounds.what_of(case, page_language()),
            _said(one),
            reverse("office:case", args=[case.pk]),
            one.put_right_by,
        )


def _said(one: Decision) -> str:
    stage = {"stage": one.get_stage_display(), "day": dates.date(one.on)}
    if one.put_right_by is None:
        return _("%(stage)s, given on %(day)s.") % stage
    said = _("%(stage)s, given on %(day)s. It must be put right by %(by)s.") % (
        stage | {"by": dates.date(one.put_right_by)}
    )
    step = proceeding.following(Stage(one.stage), one.on, one.case.terms)
    if step is None or one.put_right_by < clock.today():
        return said
    otherwise = _("Otherwise follows: %(stage)s.") % {"stage": lower_first(str(step.stage.label))}
    return f"{said} {otherwise}"


def warning(kind: Kind, amount: Decimal) -> str:
    """Return what one more absence would cost, as a sentence."""
    said = {
        Kind.STEERING_ABSENCE: _(
            "One more absence from the steering group this year carries a sanction of %(amount)s."
        ),
        Kind.WORKING_ABSENCE: _(
            "One more absence from the working group this year carries a sanction of %(amount)s."
        ),
    }
    return said[kind] % {"amount": money.euros(amount)}
