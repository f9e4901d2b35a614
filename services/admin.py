"""Vocabularies and statutory options, edited by ICT and the communications officer."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from services.models import Place, StatutoryOption, StatutoryWording, Term
from services.tasks import rebuild_read_model


class _RebuildingAdmin(admin.ModelAdmin[Any]):
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


class WordingInline(admin.TabularInline[StatutoryWording, StatutoryOption]):
    """The wordings of an option, each from its day on."""

    model = StatutoryWording
    extra = 0


@admin.register(StatutoryOption)
class StatutoryOptionAdmin(admin.ModelAdmin[StatutoryOption]):
    """Statutory options. A new wording is added with its first day; the old one stays on record."""

    list_display = ("kind", "key", "ends_on", "position")
    list_filter = ("kind",)
    inlines = (WordingInline,)


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    """Places shared between services."""

    list_display = ("external_id", "__str__", "municipality", "postal_code")
    search_fields = ("external_id", "name")
