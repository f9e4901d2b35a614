"""Addresses of the pages of people and organisations; each language has its own words in them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from orgs.pages import (
    agreement_changes,
    agreements,
    factor_reset,
    invitation,
    inviting,
    leaving,
    organisations,
    own,
    people,
    technical,
    tokens,
)

app_name = "orgs"

urlpatterns = [
    path(_("own/start/"), own.start, name="start"),
    path(_("own/"), own.own, name="own"),
    path(_("own/data/"), own.stored, name="stored"),
    path(_("own/notices/"), own.notices, name="notices"),
    path(_("own/second-factor/"), own.second_factor, name="second_factor"),
    path(_("own/second-factor/lost/<str:token>/"), factor_reset.confirm, name="factor_reset"),
    path(_("own/tokens/"), tokens.own, name="tokens"),
    path(_("own/tokens/new/"), tokens.new, name="new_token"),
    path(_("own/tokens/<int:number>/revoke/"), tokens.revoke, name="revoke_token"),
    path(_("own/sign-out-everywhere/"), own.sign_out_everywhere, name="sign_out_everywhere"),
    path(_("invitation/<str:token>/"), invitation.invitation, name="invitation"),
    path(_("invitation/<str:token>/employer/"), invitation.through_employer, name="invitation_employer"),
    path(_("management/organisations/"), organisations.organisations, name="organisations"),
    path(_("management/organisations/new/"), organisations.add, name="add_organisation"),
    path(_("management/agreements/"), agreements.agreements, name="agreements"),
    path(_("management/agreements/new/"), agreement_changes.add, name="add_agreement"),
    path(_("management/agreements/<int:number>/"), agreements.agreement, name="agreement"),
    path(_("management/agreements/<int:number>/period/"), agreement_changes.period, name="change_agreement"),
    path(_("management/agreements/<int:number>/terms/"), agreement_changes.terms, name="change_terms"),
    path(
        _("management/agreements/<int:number>/terms/<int:change>/"),
        agreement_changes.planned,
        name="planned_terms",
    ),
    path(_("management/log/"), technical.log, name="log"),
    path(_("management/outbox/"), technical.outbox, name="outbox"),
    path(_("management/jobs/"), technical.scheduled, name="jobs"),
    path(_("management/jobs/<str:step>/go-on/"), technical.go_on, name="go_on"),
    path(_("management/outbox/again/"), technical.all_again, name="send_all_again"),
    path(_("management/outbox/<int:number>/again/"), technical.again, name="send_again"),
    path(_("management/<slug:external_id>/"), organisations.organisation, name="organisation"),
    path(_("management/<slug:external_id>/change/"), organisations.change, name="change_organisation"),
    path(_("management/<slug:external_id>/close/"), organisations.close, name="close_organisation"),
    path(_("management/<slug:external_id>/tokens/"), tokens.of_organisation, name="tokens_of"),
    path(_("management/<slug:external_id>/tokens/new/"), tokens.new_of_organisation, name="new_token_of"),
    path(
        _("management/<slug:external_id>/tokens/<int:number>/revoke/"),
        tokens.revoke_of_organisation,
        name="revoke_token_of",
    ),
    path(
        _("management/<slug:external_id>/tokens/<int:number>/take-over/"),
        tokens.take_over,
        name="take_over_token",
    ),
    path(_("management/<slug:external_id>/people/"), people.people_of, name="people"),
    path(_("management/<slug:external_id>/invitations/"), inviting.invite, name="invite"),
    path(_("management/<slug:external_id>/invitations/<int:number>/renew/"), inviting.renew, name="renew"),
    path(_("management/<slug:external_id>/invitations/<int:number>/cancel/"), inviting.cancel, name="cancel"),
    path(_("management/<slug:external_id>/people/<int:number>/"), people.person_in, name="person"),
    path(_("management/<slug:external_id>/people/<int:number>/seats/"), people.give_seat, name="give_seat"),
    path(_("management/<slug:external_id>/people/<int:number>/remove/"), leaving.remove, name="remove"),
    path(
        _("management/<slug:external_id>/people/<int:number>/hand-over/"), leaving.hand_over, name="hand_over"
    ),
    path(
        _("management/<slug:external_id>/people/<int:number>/second-factor/"),
        factor_reset.start,
        name="start_factor_reset",
    ),
    path(_("management/<slug:external_id>/seats/<int:number>/end/"), people.end_seat, name="end_seat"),
]
