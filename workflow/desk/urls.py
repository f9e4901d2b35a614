"""Addresses of the desk; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from workflow.desk import (
    creating,
    desk,
    findings,
    life,
    lists,
    own_instructions,
    people,
    preview,
    seasons,
    service,
    steps,
    writing,
)

app_name = "desk"

urlpatterns = [
    path(_("desk/"), desk.desk, name="desk"),
    path(_("desk/lists/runs/"), lists.runs, name="runs"),
    path(_("desk/lists/services/"), lists.services, name="services"),
    path(_("desk/lists/findings/"), findings.findings, name="findings"),
    path(_("desk/lists/own-instructions/"), own_instructions.own_instructions, name="own_instructions"),
    path(_("desk/lists/seasons/"), seasons.seasons, name="seasons"),
    path(_("desk/lists/seasons/<int:number>/"), seasons.season, name="season"),
    path(_("desk/new/service/"), creating.new, name="new"),
    path(_("desk/<slug:external_id>/"), service.service, name="service"),
    path(_("desk/<slug:external_id>/edit/"), writing.start, name="start"),
    path(_("desk/<slug:external_id>/edit/<slug:section>/"), writing.edit, name="edit"),
    path(_("desk/<slug:external_id>/preview/"), preview.preview, name="preview"),
    path(
        _("desk/<slug:external_id>/preview/instructions/"),
        preview.preview_instructions,
        name="preview_instructions",
    ),
    path(_("desk/<slug:external_id>/life/<slug:turn>/"), life.turn, name="life"),
    path(_("desk/<slug:external_id>/people/"), people.people, name="people"),
    path(_("desk/<slug:external_id>/people/<int:number>/end/"), people.end_delegation, name="end_delegation"),
    path(_("desk/<slug:external_id>/steps/<slug:step>/"), steps.step, name="step"),
    path(_("desk/<slug:external_id>/pauses/<int:number>/<slug:step>/"), steps.pause, name="pause"),
]
