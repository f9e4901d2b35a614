"""A run's clock as a leg of a course: where its signs stand, and what it says in a sentence. Pure."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import dates
from workflow.deadlines import Span, passed

_DAY = datetime.timedelta(days=1)
_FIRST, _LAST = 2.0, 97.0  # per cent of the width
_DUE = 93.3


@dataclass(frozen=True)
class Leg:
    """A piece of the line: "k-go" while the clock runs, "k-wait" while it stands, "k-late" when past due."""

    kind: str
    x1: str
    x2: str


@dataclass(frozen=True)
class Face:
    """Places in per cent of the width, and words."""

    legs: list[Leg]
    target: str | None
    due: str | None
    now: str
    words: str
    sentence: str
    late: bool


@dataclass(frozen=True)
class Standing:
    """Why the clock stands still today: the reason in words, since when, and until when if that is known."""

    why: str
    since: datetime.date
    until: datetime.date | None = None

    @property
    def sentence(self) -> str:
        """Return it as a sentence."""
        given = {"why": self.why, "since": dates.date(self.since)}
        if self.until is None:
            return _("The clock has stood still since %(since)s: %(why)s.") % given
        return _("The clock stands still from %(since)s to %(until)s: %(why)s.") % (
            given | {"until": dates.date(self.until)}
        )


def face_of(
    submitted: datetime.date,
    today: datetime.date,
    target: datetime.date | None,
    due: datetime.date | None,
    spans: Sequence[Span],
    standing: Standing | None = None,
) -> Face:
    """Return the clock of a run that was submitted on a day, as it goes or stands today."""
    last = max(day for day in (target, due, today) if day)
    width = max((last - submitted).days, 1)

    def at(day: datetime.date) -> str:
        share = min((day - submitted).days / width, 1)
        return f"{_FIRST + share * ((_DUE if due or target else _LAST) - _FIRST):.1f}%"

    gone = passed(submitted, spans, today)
    late = due is not None and today > due
    legs = [Leg(kind, at(first), at(end)) for kind, first, end in _legs(submitted, today, due, spans)]
    words, sentence = _words(gone, today, target, due)
    if standing is not None:
        sentence = f"{sentence} {standing.sentence}".strip()
    return Face(
        legs, at(target) if target else None, at(due) if due else None, at(today), words, sentence, late
    )


def _legs(
    submitted: datetime.date, today: datetime.date, due: datetime.date | None, spans: Iterable[Span]
) -> list[tuple[str, datetime.date, datetime.date]]:
    """Return the line's pieces as spans of days, neighbours of one kind joined."""
    stops = list(spans)
    pieces: list[tuple[str, datetime.date, datetime.date]] = []
    day = submitted
    while day < today:
        following = day + _DAY
        if due is not None and following > due:
            kind = "k-late"
        else:
            kind = "k-wait" if any(span.covers(following) for span in stops) else "k-go"
        if pieces and pieces[-1][0] == kind:
            pieces[-1] = (kind, pieces[-1][1], following)
        else:
            pieces.append((kind, day, following))
        day = following
    return pieces


def _words(
    gone: int, today: datetime.date, target: datetime.date | None, due: datetime.date | None
) -> tuple[str, str]:
    """Return what is to be said in bold, and the rest of the sentence."""
    if due is not None and today > due:
        days = (today - due).days
        late = ngettext("%(days)s day late.", "%(days)s days late.", days) % {"days": days}
        return late, _("It was due on %(day)s.") % {"day": dates.weekday_date(due)}
    counted = _("Day %(day)s.") % {"day": gone}
    if due is None:
        return counted, ""
    if target is not None and today <= target:
        both = {"target": dates.weekday_date(target), "due": dates.weekday_date(due)}
        return counted, _("Target %(target)s, due %(due)s.") % both
    return counted, _("Due on %(due)s.") % {"due": dates.weekday_date(due)}
