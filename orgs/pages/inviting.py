"""Inviting people: paste addresses, look at what would happen, send."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from orgs import inviting, notices
from orgs.inviting import Checked, InvitationRefused, Problem
from orgs.models import Invitation, NoAgreement, Organisation, User
from orgs.pages.common import managed_organisation, offer_roles, person, told_often
from orgs.roles import Role

MOST_AT_ONCE = 200
_LONGEST_TEXT = MOST_AT_ONCE * 300  # characters: each address with a name


class InviteForm(forms.Form):
    """Addresses and the roles that all of them get."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=_LONGEST_TEXT,
        help_text=_("Paste them from a list: one on each line, or separated by commas or semicolons."),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES[:2])

    def __init__(self, *args: Any, organisation: Organisation, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_roles(self.fields["roles"], organisation, by)

    def clean_addresses(self) -> list[str]:
        """Return the addresses, at most as many as can be looked at on one page."""
        found = inviting.addresses_in(self.cleaned_data["addresses"])
        if not found:
            raise forms.ValidationError(_("Write at least one e-mail address."))
        if len(found) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("At most %(most)s at once. There are %(count)s; leave the rest for the next time.")
                % {"most": MOST_AT_ONCE, "count": len(found)}
            )
        return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, external_id: str) -> HttpResponse:
    """Ask for addresses, show what was found of each, and send only what was looked at."""
    organisation = managed_organisation(request, external_id)
    form = InviteForm(
        request.POST or None,
        organisation=organisation,
        by=person(request),
        initial={"language": person(request).language},
    )
    context: dict[str, Any] = {"organisation": organisation, "form": form}
    if organisation.closed_on is not None:
        return redirect("orgs:organisation", external_id)
    if request.method != "POST" or "change" in request.POST:
        return render(request, "orgs/invite.html", context)
    if not form.is_valid():
        return render(request, "orgs/invite.html", context, status=422)
    checked = inviting.check(
        organisation, form.cleaned_data["addresses"], form.cleaned_data["roles"], by=person(request)
    )
    if "send" in request.POST:
        return _send(request, organisation, form, checked)
    context |= _findings(checked)
    context["role_labels"] = [Role(role).label for role in form.cleaned_data["roles"]]
    return render(request, "orgs/invite_check.html", context)


def _findings(checked: list[Checked]) -> dict[str, Any]:
    sendable = [one for one in checked if one.finding in inviting.SENDABLE]
    return {"checked": checked, "sendable": sendable}


def _send(
    request: HttpRequest, organisation: Organisation, form: InviteForm, checked: list[Checked]
) -> HttpResponse:
    wanted = [one.address for one in checked if one.finding in inviting.SENDABLE]
    sent = 0
    try:
        for address in wanted:
            sent += (
                inviting.invite(
                    organisation,
                    address,
                    form.cleaned_data["roles"],
                    language=form.cleaned_data["language"],
                    by=person(request),
                )
                is not None
            )
    except NoAgreement:
        messages.error(
            request,
            gettext(
                "No agreement says how long an invitation is valid. The project manager must add one first."
            ),
        )
        return redirect("orgs:people", organisation.external_id)
    except inviting.TooMany:
        messages.error(
            request,
            gettext("At most %(most)s invitations in a day. Sent now: %(count)s; send the rest tomorrow.")
            % {"most": inviting.MOST_A_DAY, "count": sent},
        )
        return redirect("orgs:people", organisation.external_id)
    words = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", sent)
    messages.success(request, words % {"count": sent})
    return redirect("orgs:people", organisation.external_id)


_ALREADY = {
    Problem.USED: _("The invitation has been accepted meanwhile."),
    Problem.CANCELLED: _("The invitation was cancelled already."),
}


def _of(request: HttpRequest, external_id: str, number: int) -> Invitation:
    organisation = managed_organisation(request, external_id)
    return get_object_or_404(Invitation, pk=number, organisation=organisation)


@login_required
@require_POST
def renew(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Send a new link."""
    found = _of(request, external_id, number)
    try:
        inviting.renew(found, by=person(request))
        messages.success(request, gettext("A new link is on its way to %(who)s.") % {"who": found.email})
    except InvitationRefused as refusal:
        messages.warning(request, _ALREADY[refusal.problem])
    except notices.ToldOften:
        messages.warning(request, told_often(found.email))
    return redirect("orgs:people", external_id)


@login_required
@require_POST
def cancel(request: HttpRequest, external_id: str, number: int) -> HttpResponse:
    """Take an invitation back."""
    found = _of(request, external_id, number)
    try:
        inviting.cancel(found, by=person(request))
        messages.success(
            request, gettext("The invitation to %(who)s has been cancelled.") % {"who": found.email}
        )
    except InvitationRefused as refusal:
        messages.warning(request, _ALREADY[refusal.problem])
    return redirect("orgs:people", external_id)
