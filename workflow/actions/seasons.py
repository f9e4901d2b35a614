"""Holiday seasons: set centrally, announced to providers (docs/rules.md section 5)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import update_change_reason

from orgs import access, clock
from orgs.models import User
from orgs.roles import Capability
from workflow import run_clock, season_effects, telling
from workflow.models import HolidaySeason


def check(season: HolidaySeason, *, reason: str) -> HolidaySeason | None:
    """Check a season that is to be set, or moved for a reason; return it as it is in the database.

    Raises ValidationError for days in the wrong order or within another season, and where days that
    are over are changed without a reason.
    """
    others = HolidaySeason.objects.exclude(pk=season.pk)
    season.full_clean()
    if others.filter(first_day__lte=season.last_day, last_day__gte=season.first_day).exists():
        raise ValidationError(_("Another season has some of these days. Change that one instead."))
    before = HolidaySeason.objects.filter(pk=season.pk).first()
    if season_effects.changes_past(before, season, clock.today()) and not reason.strip():
        raise ValidationError({"reason": _("Some of these days are over. Write why they are changed.")})
    return before


@transaction.atomic
def save(season: HolidaySeason, *, by: User, reason: str = "") -> HolidaySeason:
    """Set or move a season: every open run is reckoned anew and providers are told.

    Where days that are over are changed, runs that were late at their end are reckoned anew too. A
    season that is over already is set without telling anyone. Raises what `check` does.
    """
    access.require(by, Capability.SET_SEASONS)
    list(HolidaySeason.objects.select_for_update())  # one change of the seasons at a time
    before = check(season, reason=reason)
    if season.last_day >= clock.today():
        season.announced_at = clock.now()
    season._history_user = by
    season.save()
    update_change_reason(season, reason.strip())
    run_clock.refresh_open()
    if season_effects.changes_past(before, season, clock.today()):
        run_clock.refresh_late()
    if season.last_day >= clock.today():
        telling.season_set(season)
    return season


@transaction.atomic
def remove(season: HolidaySeason, *, by: User) -> None:
    """Take a season away that has not begun, and tell providers; what has begun is shortened instead."""
    access.require(by, Capability.SET_SEASONS)
    if season.first_day <= clock.today():
        raise ValidationError(_("The season has begun. Shorten it instead of removing it."))
    season._history_user = by
    season.delete()
    run_clock.refresh_open()
    telling.season_removed(season)
