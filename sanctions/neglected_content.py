"""How fresh a partner's content is, and whether it seems neglected repeatedly (docs/rules.md section 6).

A suggestion opens nothing by itself: whether content was neglected, and whether that was raised before,
people say.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from orgs import clock, dates
from orgs.localised import page_language
from orgs.models import Organisation
from sanctions.models import Case
from sanctions.proceeding import Ground
from services.models import Service, partner_on
from services.names import name_of
from workflow import reminders
from workflow.models import Event, Reminder

REPEATEDLY = 3  # services that became outdated by themselves within a year
_YEAR = datetime.timedelta(days=365)
_REMINDED = (Reminder.Kind.FIRST, Reminder.Kind.SECOND)


@dataclass
class Freshness:
    """How many of a partner's services are published, of those reminded of, and how many are outdated."""

    published: int = 0
    reminded: int = 0
    outdated: int = 0


def freshness_of(partners: Iterable[int]) -> dict[int, Freshness]:
    """Return how fresh the content of each partner is, by its number."""
    found = {number: Freshness() for number in partners}
    theirs = Service.objects.filter(responsible_partner__in=found).order_by()
    counted = theirs.values_list("responsible_partner").annotate(
        live=Count("pk", filter=Q(status=Service.Status.PUBLISHED)),
        gone=Count("pk", filter=Q(status=Service.Status.OUTDATED)),
    )
    for partner, live, gone in counted:
        assert partner is not None
        found[partner].published, found[partner].outdated = live, gone
    # Few have ever been reminded of: only for those it is asked from when their freshness counts.
    rows = Reminder.objects.filter(service=OuterRef("pk"), kind__in=_REMINDED)
    ever = theirs.filter(Exists(rows), status=Service.Status.PUBLISHED)
    due = reminders.counted(ever).filter(Exists(rows.filter(counted_from=OuterRef("counted_from"))))
    for partner in due.values_list("responsible_partner", flat=True):
        found[partner].reminded += 1
    return found


@dataclass
class Suggestion:
    """A partner of which several services became outdated; `names` says which and when."""

    partner: Organisation
    names: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what the case would say."""
        return _("These became outdated, since nobody confirmed them: %(services)s.") % {
            "services": ", ".join(self.names)
        }


def suggestions() -> list[Suggestion]:
    """Return the partners whose content seems to be neglected repeatedly, by name.

    Counted are services that became outdated by themselves in the last year, for the partner of that day,
    since a case of neglect was opened last.
    """
    events = Event.objects.filter(kind=Event.Kind.OUTDATED, actor=None, day__gt=clock.today() - _YEAR)
    rows = events.annotate(answers=partner_on("day", "service")).exclude(answers=None)
    opened: dict[int, datetime.date] = {}
    for case in Case.objects.filter(ground=Ground.NEGLECT).order_by("ground_on"):
        opened[case.partner_id] = case.ground_on
    by_partner: dict[int, list[Event]] = defaultdict(list)
    for event in rows.select_related("service").order_by("day", F("pk")):
        answers: int = event.answers
        if event.day > opened.get(answers, datetime.date.min):
            by_partner[answers].append(event)
    enough = {key: events for key, events in by_partner.items() if len(events) >= REPEATEDLY}
    partners = Organisation.objects.partners().filter(pk__in=enough)
    return [Suggestion(one, [_named(event) for event in enough[one.pk]]) for one in sorted(partners, key=str)]


def _named(event: Event) -> str:
    return f"{name_of(event.service, page_language())} ({dates.date(event.day)})"
