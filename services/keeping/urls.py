"""Addresses of the pages on which words and places are kept; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services.keeping import place_pages, term_pages, wording_pages

app_name = "keeping"

_MOVE = _("management/words/terms/<slug:name>/<slug:key>/move/<slug:way>/")
_REMOVE = _("management/words/terms/<slug:name>/<slug:key>/remove/")
_WORDING_NEW = _("management/words/wordings/<slug:kind>/<slug:key>/new/")
_WORDING = _("management/words/wordings/<slug:kind>/<slug:key>/<int:number>/")
_WITHDRAW = _("management/words/wordings/<slug:kind>/<slug:key>/<int:number>/withdraw/")
_OPTION_END = _("management/words/wordings/<slug:kind>/<slug:key>/end/")

urlpatterns = [
    path(_("management/words/"), term_pages.vocabularies, name="vocabularies"),
    path(_("management/words/terms/<slug:name>/"), term_pages.vocabulary, name="vocabulary"),
    path(_("management/words/terms/<slug:name>/new/"), term_pages.add, name="term_new"),
    path(_("management/words/terms/<slug:name>/<slug:key>/"), term_pages.term, name="term"),
    path(_MOVE, term_pages.move, name="move"),
    path(_REMOVE, term_pages.remove, name="term_remove"),
    path(_("management/words/wordings/"), wording_pages.options, name="options"),
    path(_("management/words/wordings/new/"), wording_pages.add_option, name="option_new"),
    path(_("management/words/wordings/<slug:kind>/<slug:key>/"), wording_pages.option, name="option"),
    path(_WORDING_NEW, wording_pages.wording, name="wording_new"),
    path(_WORDING, wording_pages.wording, name="wording"),
    path(_WITHDRAW, wording_pages.withdraw, name="withdraw"),
    path(_OPTION_END, wording_pages.end, name="option_end"),
    path(_("management/words/places/"), place_pages.places, name="places"),
    path(_("management/words/places/new/"), place_pages.place, name="place_new"),
    path(_("management/words/places/<slug:external_id>/"), place_pages.place, name="place"),
    path(_("management/words/places/<slug:external_id>/remove/"), place_pages.remove, name="place_remove"),
]
