"""Addresses of the public pages; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from services.site import (
    attachments,
    employers,
    favourites,
    front,
    guide,
    instruction_search,
    instructions,
    listing,
    municipalities,
    organisations,
    pages,
    searched,
    service,
    suggestions,
)

app_name = "site"

urlpatterns = [
    path("", front.front, name="front"),
    path(_("services/"), listing.services, name="services"),
    path(_("searched/"), searched.searched, name="searched"),
    path(_("suggestions/"), suggestions.suggestions, name="suggestions"),
    path(_("services/<slug:slug>/"), service.service, name="service"),
    path(_("services/<slug:slug>/instructions/"), instructions.instructions, name="instructions"),
    path(_("instructions/"), instruction_search.search, name="instruction_search"),
    path(_("attachments/<uuid:attachment_id>/"), attachments.attachment, name="attachment"),
    path(_("organisations/"), organisations.organisations, name="organisations"),
    path(_("organisations/<slug:external_id>/"), organisations.organisation, name="organisation"),
    path(_("municipalities/"), municipalities.municipalities, name="municipalities"),
    path(_("municipalities/<slug:slug>/"), municipalities.municipality, name="municipality"),
    path(_("employers/"), employers.employers, name="employers"),
    path(_("help-in-choosing/"), guide.guide, name="guide"),
    path(_("my-list/"), favourites.favourites, name="favourites"),
    path(_("about/"), pages.about, name="about"),
    path(_("accessibility/"), pages.accessibility, name="accessibility"),
    path(_("privacy/"), pages.privacy, name="privacy"),
]
