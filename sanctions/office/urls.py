"""Addresses of the office; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from sanctions.office import case, cases, handovers, ledger, letters, meetings, office, workshops

app_name = "office"

urlpatterns = [
    path(_("office/"), office.office, name="office"),
    path(_("office/partners/<slug:external_id>/"), office.partner, name="partner"),
    path(_("office/cases/"), cases.cases, name="cases"),
    path(_("office/cases/new/"), cases.new, name="new_case"),
    path(_("office/cases/<int:number>/"), case.case, name="case"),
    path(_("office/cases/<int:number>/steps/<slug:step>/"), case.step, name="case_step"),
    path(_("office/cases/<int:number>/files/<int:answer>/"), case.evidence, name="evidence"),
    path(_("office/meetings/"), meetings.meetings, name="meetings"),
    path(_("office/meetings/<int:number>/"), meetings.meeting, name="meeting"),
    path(_("office/meetings/new/<slug:kind>/"), meetings.record, name="record"),
    path(_("office/workshops/new/"), workshops.plan, name="plan_workshop"),
    path(_("office/workshops/<int:number>/"), workshops.workshop, name="workshop"),
    path(_("office/workshops/<int:number>/plan/"), workshops.plan, name="move_workshop"),
    path(_("office/workshops/<int:number>/cancel/"), workshops.cancel, name="cancel_workshop"),
    path(_("office/workshops/<int:number>/<slug:which>/"), workshops.text, name="workshop_text"),
    path(_("office/handovers/"), handovers.handovers, name="handovers"),
    path(_("office/handovers/<int:number>/"), handovers.handover, name="handover"),
    path(_("office/handovers/<int:number>/<slug:half>/"), handovers.confirm, name="confirm_handover"),
    path(_("office/letters/"), letters.letters, name="letters"),
    path(_("office/letters/<int:year>/<int:number>/"), letters.letter, name="letter"),
    path(_("office/letters/<int:year>/<int:number>/file/"), letters.file, name="letter_file"),
    path(_("office/letters/<int:year>/<int:number>/send-on/"), letters.send_on, name="letter_send_on"),
    path(_("office/ledger/"), ledger.ledger, name="ledger"),
    path(_("office/ledger/<int:number>/<slug:step>/"), ledger.step, name="ledger_step"),
]
