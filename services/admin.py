"""Vocabularies and statutory options, edited by ICT and the communications officer."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orgs import clock, user_log
from services.log_events import Event
from services.models import Place, StatutoryOption, StatutoryWording, Term
from services.tasks import rebuild_read_model


class _LoggingAdmin(admin.ModelAdmin[Any]):
    """Writes into the user log what was changed."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what belongs to it, and record the whole change."""
        super().save_related(request, form, formsets, change)
        changed = form.instance
        user_log.record(
            Event.VOCABULARY_CHANGED,
            actor=request.user,
            request=request,
            what=changed._meta.label_lower,
            key=getattr(changed, "key", None) or changed.external_id,
        )


class _RebuildingAdmin(_LoggingAdmin):
    """Has the published pages follow, since they carry labels."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and rebuild the read model once that is committed."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(rebuild_read_model.delay, robust=True)


@admin.register(Term)
class TermAdmin(_RebuildingAdmin):
    """Terms by vocabulary. A key that is in use can't change: addresses and documents hold it."""

    list_display = ("vocabulary", "key", "__str__", "parent", "position")
    list_display_links = ("key",)
    list_filter = ("vocabulary",)
    search_fields = ("key", "label")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the key and the vocabulary of a term that exists."""
        return ("vocabulary", "key") if obj else ()


class WordingForm(forms.ModelForm[StatutoryWording]):
    """A wording: to be written until its first day, from then on only to be read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.valid_from <= clock.today():
            for field in self.fields.values():
                field.disabled = True

    def clean_valid_from(self) -> Any:
        """Refuse a first day in the past: what was in force then is on record."""
        first = self.cleaned_data["valid_from"]
        if not self.fields["valid_from"].disabled and first < clock.today():
            raise ValidationError(_("A new wording can begin today at the earliest."))
        return first


class WordingInline(admin.TabularInline[StatutoryWording, StatutoryOption]):
    """The wordings of an option, each from its day on."""

    model = StatutoryWording
    form = WordingForm
    extra = 0
    can_delete = False


@admin.register(StatutoryOption)
class StatutoryOptionAdmin(_LoggingAdmin):
    """Statutory options. A new wording is added with its first day; the old one stays on record."""

    list_display = ("kind", "key", "ends_on", "position")
    list_filter = ("kind",)
    inlines = (WordingInline,)


@admin.register(Place)
class PlaceAdmin(_RebuildingAdmin):
    """Places shared between services: pages that name one follow."""

    list_display = ("external_id", "__str__", "municipality", "postal_code")
    search_fields = ("external_id", "name")
