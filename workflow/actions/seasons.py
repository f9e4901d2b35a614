"""Holiday seasons: set centrally, announced to providers (docs/rules.md section 5)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import access, clock
from orgs.models import User
from orgs.roles import Capability
from workflow import run_clock, telling
from workflow.models import HolidaySeason


@transaction.atomic
def save(season: HolidaySeason, *, by: User) -> HolidaySeason:
    """Set or move a season: every open run is reckoned anew and providers are told.

    A season that is over already is set without telling anyone. Raises ValidationError for days in
    the wrong order or within another season.
    """
    access.require(by, Capability.SET_SEASONS)
    others = HolidaySeason.objects.exclude(pk=season.pk)
    if others.filter(first_day__lte=season.last_day, last_day__gte=season.first_day).exists():
        raise ValidationError(_("Another season has some of these days. Change that one instead."))
    season.full_clean()
    season.save()
    run_clock.refresh_open()
    if season.last_day >= clock.today():
        season.announced_at = clock.now()
        season.save(update_fields=["announced_at"])
        telling.season_set(season)
    return season


@transaction.atomic
def remove(season: HolidaySeason, *, by: User) -> None:
    """Take a season away that has not begun; what has begun is shortened instead."""
    access.require(by, Capability.SET_SEASONS)
    if season.first_day <= clock.today():
        raise ValidationError(_("The season has begun. Shorten it instead of removing it."))
    season.delete()
    run_clock.refresh_open()
