"""Addresses of the pages about public answers, for ICT."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services.answers import pages

app_name = "answers"

urlpatterns = [
    path(_("management/public-pages/"), pages.answers, name="answers"),
    path(_("management/public-pages/purge/"), pages.purge, name="purge"),
]
