"""Changing statutory options: wordings that begin on a day, and options that end (docs/rules.md section 11).

What was in force is on record: experts acted on it. A wording can be mended or taken back until the
day before it begins, and a new one can begin today at the earliest.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock, user_log
from orgs.localised import SOURCE_LANGUAGE
from orgs.models import User
from orgs.roles import Capability
from services.log_events import Done, Event
from services.models import StatutoryOption, StatutoryWording
from services.names import free_key

_LONGEST_KEY = 56  # so that a number still fits


def is_fixed(wording: StatutoryWording, today: datetime.date) -> bool:
    """Tell whether a wording has begun by `today`, so that it stays as it is."""
    return wording.valid_from <= today


@transaction.atomic
def add_option(kind: str, wording: StatutoryWording, *, by: User) -> StatutoryOption:
    """Add an option with its first wording; its key is made of the Finnish label.

    Raises PermissionDenied, ValidationError with what is wrong.
    """
    access.require(by, Capability.EDIT_VOCABULARIES)
    of_kind = StatutoryOption.objects.select_for_update().filter(kind=kind)
    taken = {option.key: option.position for option in of_kind}
    name = wording.label.get(SOURCE_LANGUAGE, "")
    option = StatutoryOption(
        kind=kind,
        key=free_key(name, taken.__contains__, longest=_LONGEST_KEY, otherwise="vaihtoehto"),
        position=max(taken.values(), default=-1) + 1,
    )
    option.full_clean()
    option.save()
    wording.option = option
    save_wording(wording, by=by)
    return option


@transaction.atomic
def save_wording(wording: StatutoryWording, *, by: User) -> None:
    """Add a wording that begins today or later, or mend one that has not begun.

    Raises PermissionDenied, ValidationError with what is wrong.
    """
    access.require(by, Capability.EDIT_VOCABULARIES)
    new = wording.pk is None
    if not new:
        _require_coming(StatutoryWording.objects.select_for_update().get(pk=wording.pk))
    if wording.valid_from and wording.valid_from < clock.today():
        raise ValidationError({"valid_from": _("A new wording can begin today at the earliest.")})
    wording.full_clean()
    wording.save()
    _changed(wording.option, Done.ADDED if new else Done.CHANGED, by, wording.valid_from)


@transaction.atomic
def withdraw_wording(wording: StatutoryWording, *, by: User) -> None:
    """Take back a wording that has not begun; raises PermissionDenied, ValidationError where it has."""
    access.require(by, Capability.EDIT_VOCABULARIES)
    _require_coming(wording)
    if wording.option.wordings.count() == 1:
        raise ValidationError(_("This is the option's only wording. Write another one first."))
    _changed(wording.option, Done.REMOVED, by, wording.valid_from)
    wording.delete()


def _require_coming(wording: StatutoryWording) -> None:
    if is_fixed(wording, clock.today()):
        raise ValidationError(_("This wording is in force, so it stays as it is. Write a new one."))


@transaction.atomic
def end_option(option: StatutoryOption, last_day: datetime.date | None, *, by: User) -> None:
    """Set the last day on which an option can be chosen, today or later; None takes the day away.

    Raises PermissionDenied, ValidationError for a day that is over.
    """
    access.require(by, Capability.EDIT_VOCABULARIES)
    if last_day == option.ends_on:
        return
    if last_day is not None and last_day < clock.today():
        raise ValidationError(_("The last day can be today at the earliest."))
    option.ends_on = last_day
    option.save(update_fields=["ends_on"])
    _changed(option, Done.ENDED if last_day else Done.REOPENED, by, last_day)


def _changed(option: StatutoryOption, done: str, by: User, day: datetime.date | None) -> None:
    user_log.record(
        Event.WORDING_CHANGED,
        actor=by,
        done=done,
        kind=option.kind,
        key=option.key,
        day=day.isoformat() if day else "",
    )
