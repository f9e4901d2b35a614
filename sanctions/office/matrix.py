"""A year's attendance: partner by meeting, which absences count and why. Pure over rows already read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgs.models import Organisation
from orgs.terms import Terms
from sanctions.attendance import Counted, Kind, half_year
from sanctions.models import Attendance, Meeting

Presence = Attendance.Presence
_KINDS = {
    Meeting.Kind.WORKING_GROUP: Kind.WORKING_ABSENCE,
    Meeting.Kind.STEERING_GROUP: Kind.STEERING_ABSENCE,
    Meeting.Kind.WORKSHOP: Kind.FACILITATION,
}
_SIGNS = {
    Presence.MEMBER: "circle-dot", Presence.DEPUTY: "contrast", Presence.SUBSTITUTE: "user-check",
    Presence.CONTACT: "circle-dot", Presence.ABSENT: "x",
}  # fmt: skip
_WORDS: dict[str, str | Promise] = {
    Presence.MEMBER: gettext_lazy("the member was there"),
    Presence.DEPUTY: gettext_lazy("the deputy was there"),
    Presence.SUBSTITUTE: gettext_lazy("a substitute was there"),
    Presence.CONTACT: gettext_lazy("a contact person was there"),
    Presence.ABSENT: gettext_lazy("absent"),
}


def words_of(row: Attendance) -> str:
    """Return how a partner was there, in words, with the name of a substitute."""
    words = str(_WORDS[row.presence])
    return f"{words}: {row.substitute}" if row.substitute else words


@dataclass(frozen=True)
class Cell:
    """A partner in a meeting: a sign, the same in words, and what it counts for."""

    partner: Organisation
    meeting: Meeting
    sign: str = ""
    words: str = ""
    counts: str = ""
    sanctionable: bool = False
    note: str = ""
    away: bool = False  # from a workshop that was another's turn: recorded, without a sanction of its own


@dataclass(frozen=True)
class Row:
    """A partner's year in a body: its cells in order of the meetings, and the sum in words."""

    partner: Organisation
    cells: list[Cell]
    sum: str
    light: str  # "ok", "warn" or "stop"


@dataclass(frozen=True)
class Matrix:
    """A body's year."""

    kind: Meeting.Kind
    meetings: list[Meeting]
    rows: list[Row] = field(default_factory=list)
    halves: tuple[int, int] = (0, 0)  # how many meetings in each

    @property
    def second_half(self) -> int | None:
        """Return the primary key of the first meeting of the second half of the year, if any."""
        return self.meetings[self.halves[0]].pk if self.halves[1] else None


def matrices_of(
    meetings: Sequence[Meeting],
    partners: Sequence[Organisation],
    counted: Mapping[int, Sequence[Counted]],
    terms: Terms,
) -> list[Matrix]:
    """Return the matrix of each body that met; `meetings` have their attendance in `rows`."""
    limits = {
        Meeting.Kind.WORKING_GROUP: terms.working_absence_limit,
        Meeting.Kind.STEERING_GROUP: terms.steering_absence_limit,
        Meeting.Kind.WORKSHOP: 1,
    }
    found = []
    for kind in Meeting.Kind:
        held = [one for one in meetings if one.kind == kind]
        if not held:
            continue
        first = sum(half_year(one.on)[1] == 1 for one in held)
        rows = [_row(kind, one, held, counted.get(one.pk, ()), limits[kind]) for one in partners]
        found.append(Matrix(kind, held, rows, (first, len(held) - first)))
    return found


def _row(
    kind: Meeting.Kind, partner: Organisation, held: Sequence[Meeting], counted: Sequence[Counted], limit: int
) -> Row:
    """Return a partner's row: yellow while the next absence would carry a sanction, red once one does."""
    of_kind = {one.neglect.on: one for one in counted if one.neglect.kind == _KINDS[kind]}
    cells = [_cell(one, partner, of_kind.get(one.on)) for one in held]
    absences, sanctionable = len(of_kind), any(one.sanctionable for one in of_kind.values())
    near = absences > 0 and absences + 1 >= limit
    if kind == Meeting.Kind.WORKSHOP:
        words = ngettext("%(n)s neglected", "%(n)s neglected", absences) % {"n": absences}
        away = sum(one.away for one in cells)
        if away:
            words += ", " + ngettext("absent %(n)s time", "absent %(n)s times", away) % {"n": away}
    else:
        words = ngettext("%(n)s absence", "%(n)s absences", absences) % {"n": absences}
    return Row(partner, cells, words, "stop" if sanctionable else "warn" if near else "ok")


def _cell(meeting: Meeting, partner: Organisation, counted: Counted | None) -> Cell:
    row: Attendance | None = next((one for one in meeting.rows if one.partner_id == partner.pk), None)  # type: ignore[attr-defined]
    if meeting.facilitator_id == partner.pk:
        return _turn(meeting, partner, row, counted)
    if row is None:
        return Cell(partner, meeting)
    sign, words = _SIGNS[Presence(row.presence)], words_of(row)
    if meeting.kind == Meeting.Kind.WORKSHOP:
        away = row.presence == Presence.ABSENT
        return Cell(partner, meeting, "minus" if away else sign, words, note=row.note, away=away)
    return Cell(
        partner, meeting, sign, words, _counts(row.excused, counted),
        sanctionable=bool(counted and counted.sanctionable), note=row.note,
    )  # fmt: skip


def _turn(meeting: Meeting, partner: Organisation, row: Attendance | None, counted: Counted | None) -> Cell:
    """Return the cell of the partner whose turn a workshop was."""
    words = _("facilitated") if meeting.facilitated else _("neglected to facilitate")
    sign = "circle-dot" if meeting.facilitated else "x"
    if row is not None and row.presence == Presence.ABSENT:
        words = f"{words}, {words_of(row)}"
    counts = "" if meeting.facilitated else _counts(meeting.excused, counted)
    return Cell(partner, meeting, sign, words, counts, sanctionable=counted is not None, note=meeting.note)


def _counts(excused: str, counted: Counted | None) -> str:
    """Return which of its kind a neglect is in the year, and whether it carries a sanction, in words."""
    if excused:
        return _("excused: %(reason)s") % {"reason": excused}
    if counted is None:
        return ""
    if counted.neglect.kind == Kind.FACILITATION:
        return _("ground for a sanction")
    words = _("absence number %(n)s in the year") % {"n": counted.number}
    return f"{words}, {_('ground for a sanction')}" if counted.sanctionable else words
