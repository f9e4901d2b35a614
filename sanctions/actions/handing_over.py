"""Handovers: opened where a person changes, confirmed by both, overdue ones made cases of."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from orgs import access, clock, notices
from orgs.access import NotAllowed
from orgs.models import Agreement, Organisation, Seat, User, terms_by_day
from orgs.refused import NotNow
from orgs.roles import Capability
from sanctions.models import Handover
from workflow.models import Absence, Updater

_DAY = datetime.timedelta(days=1)
Reason = Handover.Reason


def open_due() -> list[Handover]:
    """Open the handovers of everything that has changed under the agreement, each once."""
    today = clock.today()
    agreement = Agreement.objects.covering(today)
    if agreement is None:
        return []
    known = set(Handover.objects.values_list("partner", "reason", "giver", "receiver", "starts_on"))
    changes = {*_seats(agreement), *_updaters(agreement), *_substitutions(agreement)}
    agreed = terms_by_day()
    return [
        _opened(*change, agreed.on(change[4]).handover_days * _DAY)
        for change in sorted(changes - known, key=lambda one: (one[4], one[:4]))
    ]


_Change = tuple[int, str, int, int, datetime.date]


def _seats(agreement: Agreement) -> Iterator[_Change]:
    since = Q(starts_on__gte=agreement.starts_on, starts_on__lte=clock.today())
    followed = Seat.objects.filter(since, predecessor__isnull=False).select_related("predecessor")
    for seat in followed:
        assert seat.predecessor is not None
        if seat.predecessor.user_id != seat.user_id:
            yield seat.organisation_id, Reason.SEAT, seat.predecessor.user_id, seat.user_id, seat.starts_on


def _updaters(agreement: Agreement) -> Iterator[_Change]:
    before = Updater.objects.filter(
        service=OuterRef("service"), half=OuterRef("half"), organisation=OuterRef("organisation"),
        starts_on__lte=OuterRef("starts_on"), pk__lt=OuterRef("pk"),
    )  # fmt: skip
    rows = Updater.objects.filter(
        half=Updater.Half.PARTNER, organisation__kind=Organisation.Kind.PARTNER,
        starts_on__gte=agreement.starts_on, starts_on__lte=clock.today(),
    ).annotate(giver=Subquery(before.order_by("-pk").values("user")[:1]))  # fmt: skip
    for row in rows.filter(giver__isnull=False):
        giver: int = row.giver
        if giver != row.user_id:
            yield row.organisation_id, Reason.UPDATER, giver, row.user_id, row.starts_on


def _substitutions(agreement: Agreement) -> Iterator[_Change]:
    """Yield long absences of a partner's updaters and seat holders, from their first day on."""
    agreed = terms_by_day()
    absences = Absence.objects.filter(first_day__gte=agreement.starts_on, first_day__lte=clock.today())
    for one in absences:
        if (one.last_day - one.first_day).days + 1 < agreed.on(one.first_day).substitution_days:
            continue
        updates = Updater.objects.filter(user=one.user_id, half=Updater.Half.PARTNER, ends_on=None)
        seats = Seat.objects.filter(user=one.user_id, ends_on=None)
        partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER).filter(
            Q(pk__in=updates.values("organisation")) | Q(pk__in=seats.values("organisation"))
        )
        for partner in partners.values_list("pk", flat=True):
            yield partner, Reason.SUBSTITUTION, one.user_id, one.deputy_id, one.first_day


def due_soon() -> list[Handover]:
    """Return the handovers that are due within a week, not confirmed by both, and not reminded of yet."""
    today = clock.today()
    soon = Handover.objects.filter(due_on__range=(today, today + 7 * _DAY), excused="", reminded_on=None)
    return list(soon.filter(Q(given_at=None) | Q(received_at=None)).order_by("due_on", "pk"))


@transaction.atomic
def remind(handover: Handover) -> Handover | None:
    """Remind those of the two who have not confirmed, once; None where it was done meanwhile."""
    fresh = Handover.objects.select_for_update().get(pk=handover.pk)
    if fresh.reminded_on is not None or fresh.done_on is not None:
        return None
    fresh.reminded_on = clock.today()
    fresh.save()
    for person, at in ((fresh.giver, fresh.given_at), (fresh.receiver, fresh.received_at)):
        if at is None and person.is_active:
            notices.tell("handover_due", person, handover=fresh.pk, due=fresh.due_on.isoformat())
    return fresh


@transaction.atomic
def _opened(
    partner: int, reason: str, giver: int, receiver: int, starts_on: datetime.date, days: datetime.timedelta
) -> Handover:
    """Open one; of two sweeps at once the second finds it there."""
    made, new = Handover.objects.get_or_create(
        partner_id=partner, reason=reason, giver_id=giver, receiver_id=receiver, starts_on=starts_on,
        defaults={"due_on": starts_on + days},
    )  # fmt: skip
    if new:
        for person in (made.giver, made.receiver):
            if person.is_active:
                notices.tell("handover_opened", person, handover=made.pk, due=made.due_on.isoformat())
    return made


@transaction.atomic
def confirm(
    handover: Handover, *, by: User, giver: bool, note: str = "", on: datetime.date | None = None
) -> Handover:
    """Confirm one's own half of a handover: as the predecessor (`giver`) or as the successor.

    The project may confirm for someone who has left, with a note of how it is known and the day `on`
    which it was done. Raises PermissionDenied, NotNow where it has been confirmed, ValidationError where
    the note is missing or the day can't be.
    """
    fresh = Handover.objects.select_for_update().get(pk=handover.pk)
    own = by.pk == (fresh.giver_id if giver else fresh.receiver_id)
    if not own and not access.may(by, Capability.RECORD_MEETINGS):
        raise NotAllowed(Capability.RECORD_MEETINGS)
    if not own and not note.strip():
        raise ValidationError({"note": _("Write how it is known that the knowledge was handed over.")})
    if (fresh.given_at if giver else fresh.received_at) is not None:
        raise NotNow(_("confirmed"))
    if on is not None and not own and not fresh.starts_on <= on <= clock.today():
        raise ValidationError({"on": _("Choose a day from the change to today.")})
    at = clock.now() if own or on in (None, clock.today()) else clock.beginning_of(on)
    if giver:
        fresh.given_at = at
    else:
        fresh.received_at = at
    if not own:
        fresh.note = note.strip()[:500]
    fresh.save()
    return fresh


@transaction.atomic
def excuse(handover: Handover, reason: str) -> None:
    """Let a handover count for nothing for a reason the partner could not influence; it was decided so."""
    fresh = Handover.objects.select_for_update().get(pk=handover.pk)
    fresh.excused = reason[:500]
    fresh.save()
