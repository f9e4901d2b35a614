"""The terms of an agreement: every number of docs/rules.md, typed and validated.

The numbers themselves live in the agreement's row (`orgs.models.Agreement.terms`), never in code.
Rules take a `Terms` as a parameter.
"""

import dataclasses
import datetime
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orgs.shares import share_from

Value = int | bool | Decimal | Fraction | datetime.time

PIPELINE = _("Publication pipeline")
SANCTIONS = _("Remarks and sanctions")
GOVERNANCE = _("Meetings and votes")
FRESHNESS = _("Keeping content fresh")
ACCOUNTS = _("Accounts")
STAFFING = _("Minimum staffing")


def _term(group: Promise, label: Promise, low: int = 0, high: int = 999) -> Any:
    return dataclasses.field(metadata={"group": group, "label": label, "low": low, "high": high})


@dataclasses.dataclass(frozen=True)
class Terms:
    """The numbers of one agreement. Days and months are calendar ones, money is in euros."""

    # Section 5.
    update_target_days: int = _term(PIPELINE, _("Update: target, days"), 1)
    update_due_days: int = _term(PIPELINE, _("Update: due, days"), 1)
    new_target_days: int = _term(PIPELINE, _("New service: target, days"), 1)
    new_due_days: int = _term(PIPELINE, _("New service: due, days"), 1)
    due_on_working_days: bool = _term(PIPELINE, _("Due dates move to the next working day"))
    # Section 6.
    first_remark_months: int = _term(SANCTIONS, _("Time to put right after the first remark, months"), 1)
    second_remark_days: int = _term(SANCTIONS, _("Follow-up after the second remark, days"), 1)
    content_sanction: Decimal = _term(SANCTIONS, _("Sanction on content, euros"), 0, 100_000)
    steering_absence_limit: int = _term(SANCTIONS, _("Steering group: sanctionable from absence number"), 1)
    working_absence_limit: int = _term(SANCTIONS, _("Working group: sanctionable from absence number"), 1)
    cooperation_sanction: Decimal = _term(
        SANCTIONS, _("Sanction on cooperation in a half-year, euros"), 0, 100_000
    )
    handover_days: int = _term(SANCTIONS, _("Handover: time to hand over knowledge, days"), 1)
    substitution_days: int = _term(SANCTIONS, _("Handover: a substitution is long from, days"), 1)
    handover_free_remarks: int = _term(SANCTIONS, _("Handover: remarks without a sanction"))
    handover_sanction: Decimal = _term(SANCTIONS, _("Handover: sanction, euros"), 0, 100_000)
    answer_days: int = _term(SANCTIONS, _("A letter is answered within, days"), 1)
    # Section 7. Weekdays are counted from 1, Monday.
    working_group_weeks: int = _term(GOVERNANCE, _("Working group: every how many weeks"), 1, 52)
    working_group_weekday: int = _term(GOVERNANCE, _("Working group: weekday (1 = Monday)"), 1, 7)
    working_group_starts: datetime.time = _term(GOVERNANCE, _("Working group: from"))
    working_group_ends: datetime.time = _term(GOVERNANCE, _("Working group: to"))
    workshop_weeks: int = _term(GOVERNANCE, _("Policy workshop: every how many weeks"), 1, 52)
    workshop_weekday: int = _term(GOVERNANCE, _("Policy workshop: weekday (1 = Monday)"), 1, 7)
    workshop_starts: datetime.time = _term(GOVERNANCE, _("Policy workshop: from"))
    workshop_ends: datetime.time = _term(GOVERNANCE, _("Policy workshop: to"))
    steering_months: int = _term(GOVERNANCE, _("Steering group: every how many months"), 1, 12)
    steering_starts: datetime.time = _term(GOVERNANCE, _("Steering group: from"))
    steering_ends: datetime.time = _term(GOVERNANCE, _("Steering group: to"))
    majority: Fraction = _term(GOVERNANCE, _("Majority: share of the whole voting power"), 0, 1)
    # Section 9.
    confirm_days: int = _term(FRESHNESS, _("Content is confirmed at least every, days"), 1)
    second_reminder_days: int = _term(FRESHNESS, _("Second reminder after, days"), 1)
    outdate_days: int = _term(FRESHNESS, _("Outdated after the second reminder, days"), 1)
    archive_months: int = _term(FRESHNESS, _("An outdated service is archived after, months"), 1)
    # Section 10.
    invitation_days: int = _term(ACCOUNTS, _("Invitation is valid, days"), 1)
    inactive_days: int = _term(ACCOUNTS, _("First notice after inactivity of, days"), 1)
    second_notice_days: int = _term(ACCOUNTS, _("Second notice after, days"), 1)
    block_days: int = _term(ACCOUNTS, _("Blocked after the second notice, days"), 1)
    anonymise_days: int = _term(ACCOUNTS, _("Anonymised after blocking, days"), 1)
    password_length: int = _term(ACCOUNTS, _("Shortest password, characters"), 12, 64)
    session_hours: int = _term(ACCOUNTS, _("Session ends after, hours without use"), 1, 24)
    reading_session_days: int = _term(ACCOUNTS, _("Expert's session ends after, days without use"), 1, 60)
    # Section 1.
    partner_main_users: int = _term(STAFFING, _("Partner: main users"))
    partner_producers: int = _term(STAFFING, _("Partner: content producers"))
    partner_communications_leads: int = _term(STAFFING, _("Partner: communications leads"))
    working_group_members: int = _term(STAFFING, _("Partner: working group members"))
    working_group_deputies: int = _term(STAFFING, _("Partner: working group deputies"))
    steering_group_members: int = _term(STAFFING, _("Partner: steering group members"))
    provider_main_users: int = _term(STAFFING, _("Provider: main users"))
    provider_producers: int = _term(STAFFING, _("Provider: content producers"))


FIELDS = dataclasses.fields(Terms)


def _parse(kind: Any, raw: Any) -> Value:
    """Return `raw`, a value of JSON or of a form, as `kind`; raises ValueError where it is none."""
    if kind is bool:
        if not isinstance(raw, bool):
            raise ValueError(raw)
        return raw
    if kind is int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise ValueError(raw)
        return raw
    if kind is Decimal:
        return Decimal(str(raw)).quantize(Decimal("0.01"))
    if kind is Fraction:
        return share_from(str(raw))
    return datetime.time.fromisoformat(str(raw))


def terms_from(values: Mapping[str, Any]) -> Terms:
    """Return the terms in `values`; raises ValidationError with a message for each wrong one."""
    parsed: dict[str, Value] = {}
    problems: dict[str, Any] = {}
    for field in FIELDS:
        meta = field.metadata
        try:
            value = parsed[field.name] = _parse(field.type, values[field.name])
        except KeyError:
            problems[field.name] = _("This number is missing.")
        except (ValueError, TypeError, ZeroDivisionError, InvalidOperation):
            problems[field.name] = _("This is no value of the kind that is asked for.")
        else:
            if not isinstance(value, datetime.time) and not meta["low"] <= value <= meta["high"]:
                problems[field.name] = _("Give a number from %(low)s to %(high)s.") % meta
    for early, late in _IN_ORDER:
        if early in parsed and late in parsed and parsed[early] > parsed[late]:  # type: ignore[operator]
            problems.setdefault(late, _("This can't be before or below the one it follows."))
    if problems:
        raise ValidationError(problems)
    return Terms(**parsed)  # type: ignore[arg-type]


_IN_ORDER = (
    ("update_target_days", "update_due_days"),
    ("new_target_days", "new_due_days"),
    ("working_group_starts", "working_group_ends"),
    ("workshop_starts", "workshop_ends"),
    ("steering_starts", "steering_ends"),
)


def as_values(terms: Terms) -> dict[str, Any]:
    """Return the terms as plain values of JSON; `terms_from` is the way back."""
    return {name: plain(value) for name, value in dataclasses.asdict(terms).items()}


def plain(value: Value) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return str(value) if isinstance(value, Decimal | Fraction) else value


# The terms of the first agreement, plain values.
FIRST: Mapping[str, Any] = json.loads((Path(__file__).parent / "data" / "terms.json").read_bytes())

# Raised by one whenever a term is added, removed or renamed.
VERSION = 2
# By the version that a lift makes the next of: for terms that were renamed or changed their unit.
LIFTS: Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}
_VERSION_KEY = "version"  # no term's name


def lifted(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of terms that were kept by an earlier version as those of today.

    A term that is new has the first agreement's number in the agreements before it; one that is gone is
    left out. What an agreement said of all others stays.
    """
    current = {name: value for name, value in values.items() if name != _VERSION_KEY}
    for number in range(values.get(_VERSION_KEY, 1), VERSION):
        if lift := LIFTS.get(number):
            current = dict(lift(current))
    return {field.name: current.get(field.name, FIRST[field.name]) for field in FIELDS}


def kept_terms(values: Mapping[str, Any]) -> Terms:
    """Return the terms of a row of any version; it was checked by the rules of the day it was written."""
    current = lifted(values)
    parsed = {field.name: _parse(field.type, current[field.name]) for field in FIELDS}
    return Terms(**parsed)  # type: ignore[arg-type]


class TermsField(models.JSONField):
    """Keeps `Terms` in the database as JSON; what is read back is typed again."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Terms | None:
        """Return the terms of a row, of whichever version."""
        plain = super().from_db_value(value, expression, connection)
        return None if plain is None else kept_terms(plain)

    def to_python(self, value: Any) -> Terms:
        """Return terms from terms or from plain values."""
        return value if isinstance(value, Terms) else terms_from(value)

    def get_prep_value(self, value: Any) -> Any:
        """Return what the database keeps."""
        kept = as_values(value) | {_VERSION_KEY: VERSION} if isinstance(value, Terms) else value
        return super().get_prep_value(kept)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Check nothing more: `Terms` are valid once they exist."""
