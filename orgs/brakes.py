"""The brake on mass effects: a sweep that would do far more than on any usual day stops and asks ICT.

A clock that tells a wrong year, a term with a digit too many or an import could otherwise outdate, archive
or block everything, or write to everyone, within one hour (decision 32). Rooms register the steps that
are braked in `apps.py`; each does its first part, and the rest waits until ICT says so, or is not due
any more.
"""

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise

from orgs import access, clock, jobs, notice_kinds, notices, user_log
from orgs.access import Reader
from orgs.models import Brake, Notice, NoticeClass, User
from orgs.notice_kinds import NoticeKind, absolute
from orgs.roles import Capability

Thing = TypeVar("Thing")
Result = TypeVar("Result")
DAY = datetime.timedelta(days=1)
_HOUR = datetime.timedelta(hours=1)
_MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Step:
    """A braked step: what people call it, and of how many things it takes its share; None: it only writes."""

    label: str | Promise
    total: Callable[[], int] | None


_steps: dict[str, Step] = {}


def register(name: str, label: str | Promise, total: Callable[[], int] | None = None) -> None:
    """Add a step; without `total` only the number of people who are written to brakes it."""
    _steps[name] = Step(label, total)


def bound(total: int, percent: int, always: int) -> int:
    """Return how many of `total` things may be done in a day: the share, and `always` as many as that.

    >>> bound(1000, 5, 10), bound(60, 5, 10), bound(201, 5, 10)
    (50, 10, 11)
    """
    return max(always, math.ceil(total * percent / 100))


def each(name: str, things: Iterable[Thing], do: Callable[[Thing], Result | None]) -> list[Result]:
    """Do `jobs.each` as far as the brake lets it."""
    waiting = list(things)
    if not waiting:
        Brake.objects.filter(step=name).exclude(held_at=None).update(held_at=None, waiting=0, examples=[])
        return []
    brake, now = _standing(name), clock.now()
    if brake.held_at:
        # Whoever lets it go on meanwhile is not overridden: the next sweep does it.
        Brake.objects.filter(pk=name).exclude(held_at=None).update(**_told(waiting))
        return []
    total = _steps[name].total
    most = bound(total(), settings.MASS_SHARE, settings.MASS_ALWAYS) if total else None
    done: list[Result] = []
    for index, thing in enumerate(waiting):
        is_full = most is not None and brake.done + len(done) >= most
        if not brake.released_by_id and (is_full or people_told(now) >= settings.MASS_PEOPLE):
            _hold(brake, waiting[index:])
            break
        done += jobs.each(name, [thing], do)
    Brake.objects.filter(pk=name).update(done=F("done") + len(done))
    return done


def people_told(now: datetime.datetime) -> int:
    """Return how many different people the clock, and not a person, has written to in the last hour."""
    lately = Notice.objects.filter(by_clock=True, created_at__gt=now - _HOUR, recipient__isnull=False)
    return lately.values("recipient").distinct().count()


def _standing(name: str) -> Brake:
    """Return the step's row, its count begun anew where a day has passed."""
    now = clock.now()
    brake, _made = Brake.objects.get_or_create(pk=name, defaults={"since": now})
    if brake.held_at is None and not now - DAY < brake.since <= now:
        brake.since, brake.done, brake.released_by = now, 0, None
        brake.save()
    return brake


@transaction.atomic
def _hold(brake: Brake, waiting: Sequence[object]) -> None:
    """Write down what waits; the first time, tell ICT."""
    row = Brake.objects.filter(pk=brake.pk)
    is_new = row.filter(held_at=None).update(held_at=clock.now())
    row.update(**_told(waiting))
    if is_new:
        # Where nobody looks after the system, the project manager is asked.
        for person in access.ict_specialists() or access.project_managers():
            notices.tell("mass_effect_stopped", person, step=brake.pk, waiting=len(waiting))


def _told(waiting: Sequence[object]) -> dict[str, Any]:
    """Return what a row says of what waits: how many, and a few services and cases by their names."""
    named = [one for one in waiting[:_MOST_EXAMPLES] if isinstance(one, models.Model)]
    # People are counted only.
    return {"waiting": len(waiting), "examples": [str(one) for one in named if not isinstance(one, User)]}


def _words(notice: Notice) -> dict[str, Any]:
    context = dict(notice.context)
    return context | {"step": label_of(context["step"]), "link": absolute(reverse("orgs:jobs"))}


notice_kinds.register("mass_effect_stopped", NoticeKind(NoticeClass.SECURITY, _words))


@dataclass(frozen=True)
class Held:
    """A step that waits for a word."""

    name: str
    label: str | Promise
    brake: Brake


def held() -> list[Held]:
    """Return the steps that wait for a word."""
    rows = Brake.objects.exclude(held_at=None).order_by("held_at", "pk")
    return [Held(row.pk, label_of(row.pk), row) for row in rows]


def label_of(name: str) -> str | Promise:
    """Return what people call a step."""
    return _steps[name].label if name in _steps else name


@transaction.atomic
def release(name: str, *, by: Reader) -> bool:
    """Let a step go on with everything that waits, for a day; False where it was not held any more.

    Raises PermissionDenied for all but ICT.
    """
    access.require(by, Capability.KEEP_RUNNING)
    row = Brake.objects.filter(pk=name).exclude(held_at=None)
    found = row.update(held_at=None, since=clock.now(), done=0, released_by=by, waiting=0, examples=[])
    if found:
        user_log.record(user_log.Event.BRAKE_RELEASED, actor=by, step=name)
    return bool(found)
