"""Addresses of the pages on responsibility; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services.responsible import pages

app_name = "responsible"

urlpatterns = [
    path(_("management/responsibility/"), pages.services, name="services"),
    path(_("management/responsibility/transfer/"), pages.new, name="new"),
    path(_("management/responsibility/transfers/<int:number>/"), pages.transfer, name="transfer"),
    path(_("management/responsibility/transfers/<int:number>/undo/"), pages.undo, name="undo"),
]
