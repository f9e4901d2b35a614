"""An account's life (docs/rules.md section 10): notices of inactivity, blocking, anonymising.

`rungs_of` are the steps of the ladder (`orgs.ladders`); `sweep` takes those of today and may run late,
twice or after a gap.
"""

import datetime
from collections.abc import Sequence

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.dispatch import Signal

from orgs import brakes, clock, held_posts, ladders, leaving, notices, user_log
from orgs.ladders import Rung, Step, days
from orgs.models import (
    AccessToken,
    AccountStep,
    Invitation,
    Membership,
    NoAgreement,
    Notice,
    NoticeChoice,
    User,
    terms_on,
)
from orgs.models.dated import in_force, not_over
from orgs.terms import Terms

Kind, Reason = AccountStep.Kind, AccountStep.Reason
# Sent with the `user` before a name is taken away: a room above keeps what its record must keep.
anonymising = Signal()


def rungs_of(terms: Terms) -> tuple[Rung, ...]:
    """Return the steps of an account that is not used.

    Inactive 165 days: a notice; 14 days later a second; 2 days later blocked; 30 days after that
    anonymised. Source: docs/rules.md section 10.
    """
    return (
        Rung(Kind.FIRST_NOTICE, days(terms.inactive_days)),
        Rung(Kind.SECOND_NOTICE, days(terms.second_notice_days)),
        Rung(Kind.BLOCKED, days(terms.block_days)),
        Rung(Kind.ANONYMISED, days(terms.anonymise_days)),
    )


def since_return(taken: Sequence[Step]) -> list[Step]:
    """Return those of an account's steps, in order, that come after the last return: only they count."""
    current: list[Step] = []
    for step in taken:
        current = [] if step.kind == Kind.RETURNED else [*current, step]
    return current


def expiry(
    last_active_on: datetime.date, taken: Sequence[Step], terms: Terms, today: datetime.date
) -> dict[str, datetime.date]:
    """Return the days on which each step to come is due if the account is not used any more."""
    return ladders.coming(last_active_on, since_return(taken), rungs_of(terms), today)


def steps_of(user: User) -> list[Step]:
    """Return the steps taken, in order."""
    return [Step(step.kind, step.on) for step in user.account_steps.all()]


def sweep() -> int:
    """Take each account's next step that is due today; return how many were taken."""
    today = clock.today()
    try:
        terms = terms_on(today)
    except NoAgreement:
        return 0
    brakes.each("memberships", _without_membership(today), _block_left)
    due = _due(terms, today)
    return sum(brakes.each("accounts", due, lambda number: _take_due_step(number, terms, today)))


def _due(terms: Terms, today: datetime.date) -> list[int]:
    """Return the numbers of the accounts whose next step is due; nothing is locked for it."""
    unused_since = today - datetime.timedelta(days=terms.inactive_days)
    unused = Q(last_active_on__lte=unused_since) | Q(account_steps__isnull=False)
    candidates = User.objects.filter(unused, anonymised_on=None).distinct().order_by("pk")
    return [user.pk for user in candidates.prefetch_related("account_steps") if _step(user, terms, today)]


def _step(user: User, terms: Terms, today: datetime.date) -> Step | None:
    return ladders.due_step(user.last_active_on, since_return(steps_of(user)), rungs_of(terms), today)


@transaction.atomic
def _take_due_step(number: int, terms: Terms, today: datetime.date) -> bool:
    user = User.objects.select_for_update().get(pk=number)
    step = _step(user, terms, today)
    if step is None:
        return False
    if step.kind == Kind.ANONYMISED:
        anonymise(user)
    elif step.kind == Kind.BLOCKED:
        block(user, Reason.INACTIVE)
    else:
        AccountStep.objects.create(user=user, kind=step.kind, on=today)
        coming = expiry(user.last_active_on, steps_of(user), terms, today)
        kind = "inactive_first" if step.kind == Kind.FIRST_NOTICE else "inactive_second"
        held, blocked = held_posts.held_by(user), _day(coming[Kind.BLOCKED])
        notices.tell(kind, user, last=_day(user.last_active_on), blocked=blocked, **held)
        held_posts.tell_idle(user, held, blocked=blocked)
    return True


def _day(day: datetime.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _without_membership(today: datetime.date) -> "QuerySet[User, User]":
    """Return those whose last membership ran out by its own date, and who may still sign in."""
    own = Membership.objects.filter(user=OuterRef("pk"))
    members = own.filter(in_force(today), organisation__closed_on=None)
    to_come = own.filter(starts_on__gt=today)
    return User.objects.filter(Exists(own), ~Exists(members), ~Exists(to_come), is_active=True)


@transaction.atomic
def _block_left(user: User) -> bool:
    locked = User.objects.select_for_update().get(pk=user.pk)
    # A seat is held by someone of the organisation: it ends with the last role.
    for seat in locked.seats.filter(not_over(clock.today())).select_related("organisation"):
        leaving.end_seat(seat, by=None)
    block(locked, Reason.LEFT)
    return True


def block(user: User, reason: "AccountStep.Reason") -> None:
    """Close an account: sessions end at once. The caller holds a transaction and the user's row."""
    if not user.is_active:
        return
    today = clock.today()
    if reason == Reason.INACTIVE:
        leaving.leave_everywhere(user)
    user.is_active = False
    user.save()
    step = AccountStep.objects.create(user=user, kind=Kind.BLOCKED, reason=reason, on=today)
    end_sessions(user)
    notices.tell("account_blocked", user, reason=str(reason), anonymised=_anonymised_on(today))
    user_log.record(user_log.Event.ACCOUNT_BLOCKED, subject=user, reason=step.reason)


def _anonymised_on(today: datetime.date) -> str:
    """Return the day on which an account that is blocked today is anonymised; none before an agreement."""
    try:
        return _day(today + datetime.timedelta(days=terms_on(today).anonymise_days))
    except NoAgreement:
        return ""


def block_if_alone(user: User) -> bool:
    """Block someone who has no membership left, at once (docs/rules.md section 10); tell whether so."""
    today = clock.today()
    if user.memberships.filter(not_over(today), organisation__closed_on=None).exists():
        return False
    block(user, Reason.LEFT)
    return True


def reopen(user: User) -> None:
    """Open a blocked account again; the caller has checked the right and holds a transaction."""
    user.is_active = True
    user.save()
    _returned(user)
    user_log.record(user_log.Event.ACCOUNT_RETURNED, subject=user)


def seen(user: User) -> None:
    """Write down that the account is in use today. Asked on every request, writes once a day."""
    if user.last_active_on != clock.today():
        _returned(user)


def _returned(user: User) -> None:
    today = clock.today()
    User.objects.filter(pk=user.pk).update(last_active_on=today)
    user.last_active_on = today
    last = user.account_steps.last()
    if last is not None and last.kind not in (Kind.RETURNED, Kind.ANONYMISED):
        AccountStep.objects.create(user=user, kind=Kind.RETURNED, on=today)


def ask_anew(user: User) -> None:
    """Have every session of `user` show the second factor again: the person's rights have grown."""
    user.confirm_since = clock.now()
    User.objects.filter(pk=user.pk).update(confirm_since=user.confirm_since)


def end_sessions(user: User, keep: str | None = None) -> int:
    """End every session of `user` but the one with the key `keep`; return how many ended."""
    from allauth.usersessions.models import UserSession

    own = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(own.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    own.delete()
    return len(keys)


def anonymise(user: User) -> None:
    """Take away what tells who a person was, and keep what the person did.

    The record then says "former user" of the organisation the person was last with. The caller
    holds a transaction and the user's row.
    """
    today = clock.today()
    last = user.memberships.order_by("-ends_on", "-starts_on").select_related("organisation").first()
    address, name = user.email, user.full_name
    anonymising.send(User, user=user)
    end_sessions(user)
    user.former_organisation = last.organisation if last else None
    user.anonymised_on, user.is_active = today, False
    user.email = f"former-{user.pk}@invalid.invalid"
    user.full_name = user.job_title = ""
    user.home_municipality = None
    user.set_unusable_password()
    for held in (user.memberships, user.seats):
        for row in held.filter(not_over(today)):
            row.end(today)
    user.save()
    _forget_past_names(user)
    _delete_sign_in_data(user)
    Notice.objects.filter(Q(recipient=user) | Q(address__iexact=address)).delete()
    _forget_name_in_notices(name, str(user))
    NoticeChoice.objects.filter(user=user).delete()
    AccessToken.objects.filter(user=user, organisation=None).delete()
    Invitation.objects.filter(email__iexact=address).exclude(accepted_at=None).update(email=user.email)
    Invitation.objects.filter(email__iexact=address, accepted_at=None).update(
        email=user.email, cancelled_at=clock.now()
    )
    AccountStep.objects.create(user=user, kind=Kind.ANONYMISED, on=today)
    user_log.record(user_log.Event.ACCOUNT_ANONYMISED, subject=user)


def _forget_past_names(user: User) -> None:
    """Make the history of the account as anonymous as the account: it stays as a row of dates."""
    values = {"email": user.email, "full_name": "", "job_title": "", "home_municipality": None}
    User.history.filter(id=user.pk).update(**values)


def _forget_name_in_notices(name: str, former: str) -> None:
    """Take a name out of what was told to others."""
    if not name:
        return
    words = Notice.objects.annotate(told=Cast("context", models.TextField()))
    for notice in words.filter(Q(subject__contains=name) | Q(body__contains=name) | Q(told__contains=name)):
        notice.subject = notice.subject.replace(name, former)[:200]
        notice.body = notice.body.replace(name, former)
        notice.context = {
            key: value.replace(name, former) if isinstance(value, str) else value
            for key, value in notice.context.items()
        }
        notice.save()


def _delete_sign_in_data(user: User) -> None:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    from guardian.models import UserObjectPermissionBase

    for kept in apps.get_models():  # the rooms above have tables of exceptions of their own
        if issubclass(kept, UserObjectPermissionBase):
            kept.objects.filter(user=user).delete()
