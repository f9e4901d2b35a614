"""One's own page: the profile, the ways to sign in, what is stored, what was sent."""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, accounts, clock, navigation, news, sign_in, stored_data, tables, tokens, user_log
from orgs.models import (
    AccountStep,
    Municipality,
    NoAgreement,
    Notice,
    NoticeChoice,
    NoticeClass,
    User,
    terms_on,
)
from orgs.models.dated import in_force
from orgs.pages.common import page_of, person


class ProfileForm(forms.ModelForm[User]):
    """What a person may change of one's own account."""

    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("full_name", "job_title", "home_municipality", "language")
        help_texts = {
            "home_municipality": _("Its work instructions are shown to you first."),
        }

    def __init__(self, *args: Any, reads_internal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        if not reads_internal:
            # It puts work instructions in order, which providers don't read.
            del self.fields["home_municipality"]
            return
        chooser = self.fields["home_municipality"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = Municipality.objects.filter(partners__isnull=False).distinct()
        chooser.empty_label = gettext("Not chosen")


class DigestForm(forms.Form):
    """Which classes of notices wait for the daily message."""

    once_a_day = forms.MultipleChoiceField(
        label=_("Once a day, in one message"),
        required=False,
        choices=[choice for choice in NoticeClass.choices if choice[0] != NoticeClass.SECURITY],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Others come at once. Messages about security always come at once."),
    )

    def save(self, user: User) -> None:
        """Keep the choice."""
        wanted = set(self.cleaned_data["once_a_day"])
        user.notice_choices.exclude(notice_class__in=wanted).delete()
        for notice_class in wanted:
            NoticeChoice.objects.get_or_create(user=user, notice_class=notice_class)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead someone who has just signed in to where the person's work is; else say what there is to do."""
    user = person(request)
    if (home := navigation.home_of(user)) is not None:
        return redirect(home)
    context = {"ways": navigation.links_for(user), "news": news.news_for(user), "section": "start"}
    return render(request, "orgs/start.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Show one's own page; saves the profile or the choice of notices."""
    user = person(request)
    about_notices = request.method == "POST" and "notices" in request.POST
    about_profile = request.method == "POST" and not about_notices
    # A copy, so that a form with errors does not change the name in the band.
    profile = ProfileForm(
        request.POST if about_profile else None,
        instance=User.objects.get(pk=user.pk),
        reads_internal=access.reads_internal(user),
    )
    chosen = list(user.notice_choices.values_list("notice_class", flat=True))
    digest = DigestForm(request.POST if about_notices else None, initial={"once_a_day": chosen})
    if about_profile and profile.is_valid():
        profile.save()
        messages.success(request, gettext("Your details have been saved."))
        return redirect("orgs:own")
    if about_notices and digest.is_valid():
        digest.save(user)
        messages.success(request, gettext("Your choice of messages has been saved."))
        return redirect("orgs:own")
    factors = Authenticator.objects.filter(user=user)
    today = clock.today()
    context = {
        "profile": profile,
        "digest": digest,
        "memberships": user.memberships.filter(in_force(today)).select_related("organisation"),
        "seats": user.seats.filter(in_force(today)).select_related("organisation"),
        "app": factors.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN),
        "codes": factors.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
        "factor_needed": access.needs_second_factor(user),
        "employers": sign_in.employers(),
        "employer_accounts": SocialAccount.objects.filter(user=user),
        "session_count": len(UserSession.objects.purge_and_list(user)),
        "token_count": tokens.of_person(user).filter(revoked_at=None, expires_on__gte=today).count(),
        "coming": _coming(user),
        "log": user.log_entries.exclude(event=user_log.Event.REFUSED)[:10],
    }
    status = 200 if not (profile.errors or digest.errors) else 422
    return render(request, "orgs/own.html", context, status=status)


def _coming(user: User) -> list[dict[str, Any]]:
    """Return what happens to the account, and when, if it is not used any more."""
    try:
        terms = terms_on(clock.today())
    except NoAgreement:
        return []
    coming = accounts.expiry(user.last_active_on, accounts.steps_of(user), terms, clock.today())
    labels = dict(AccountStep.Kind.choices)
    return [{"label": labels[kind], "on": on} for kind, on in coming.items()]


@login_required
@require_safe
def stored(request: HttpRequest) -> HttpResponse:
    """Give a person everything that is kept about that person, as a file."""
    user = person(request)
    user_log.record(user_log.Event.EXPORTED, actor=user, subject=user, request=request, what="own data")
    content = json.dumps(stored_data.of(user), ensure_ascii=False, indent=2, sort_keys=True)
    name = f"palvelumanuaali-{clock.today().isoformat()}.json"
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_NOTICE_COLUMNS = (
    tables.Column[Notice](_("Time"), lambda notice: notice.created_at),
    tables.Column[Notice](_("Subject"), lambda notice: notice.subject),
    tables.Column[Notice](_("About"), lambda notice: notice.get_notice_class_display()),
    tables.Column[Notice](_("State"), lambda notice: notice.get_state_display()),
    tables.Column[Notice](_("Sent"), lambda notice: notice.sent_at),
)


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List what was sent to me."""
    mine = Notice.objects.filter(recipient=person(request)).exclude(state=Notice.State.DROPPED)
    if file := tables.exported(request, "notices", _NOTICE_COLUMNS, mine):
        return file
    return render(request, "orgs/notices.html", {"page": page_of(request, mine)})


@login_required
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Explain why a second factor is needed, and offer the ways to set one up."""
    user = person(request)
    if sign_in.has_second_factor(user):
        return redirect("orgs:own")
    return render(request, "orgs/second_factor.html", {"needed": access.needs_second_factor(user)})


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of mine but this one."""
    ended = accounts.end_sessions(person(request), keep=request.session.session_key)
    messages.success(request, gettext("Sessions ended on other devices: %(count)s.") % {"count": ended})
    return redirect("orgs:own")
