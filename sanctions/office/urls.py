"""Addresses of the office; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from sanctions.office import case, cases, ledger

app_name = "office"

urlpatterns = [
    path(_("office/cases/"), cases.cases, name="cases"),
    path(_("office/cases/new/"), cases.new, name="new_case"),
    path(_("office/cases/<int:number>/"), case.case, name="case"),
    path(_("office/cases/<int:number>/steps/<slug:step>/"), case.step, name="case_step"),
    path(_("office/cases/<int:number>/files/<int:answer>/"), case.evidence, name="evidence"),
    path(_("office/ledger/"), ledger.ledger, name="ledger"),
    path(_("office/ledger/<int:number>/<slug:step>/"), ledger.step, name="ledger_step"),
]
