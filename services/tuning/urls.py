"""Addresses of the pages about the search, for ICT."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services.tuning import figures, pages

app_name = "tuning"

_GROUPS = _("search/tuning/synonyms/<str:language>/")
_NEW = _("search/tuning/synonyms/<str:language>/new/")
_GROUP = _("search/tuning/synonyms/<str:language>/of/<path:key>/")

urlpatterns = [
    path(_("search/tuning/"), pages.search, name="search"),
    path(_("search/figures/"), figures.search_figures, name="figures"),
    path(_GROUPS, pages.synonym_groups, name="synonyms"),
    path(_NEW, pages.synonym_group, name="synonym_group_new"),
    path(_GROUP, pages.synonym_group, name="synonym_group"),
]
