"""Sending what the outbox holds: once each, again with growing waits, and never silently lost.

A notice is taken, handed to the mail server and written down in three steps, so that no transaction is
open while a mail server thinks. Who takes it holds it for `HOLD`; of one who died meanwhile it is taken
back, and goes out again under the same Message-ID.
"""

import datetime
import smtplib
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import override

from orgs import clock, jobs
from orgs.messages import Message, digest, message
from orgs.models import Notice, NoticeClass, User
from orgs.notice_kinds import KINDS

_logger = structlog.get_logger(__name__)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
# From the first try on, not from when it was written: a server that stood still for a week gives up nothing.
GIVE_UP_AFTER = datetime.timedelta(days=3)
# Longer than any task may take (CELERY_TASK_TIME_LIMIT): nobody is at it any more when it is over.
HOLD = datetime.timedelta(minutes=10)
_REST = 30  # seconds in which single notices do not try a mail server that did not answer
_server_rests_until = 0.0
_OPEN = (Notice.State.WAITING, Notice.State.SENDING)


def wait_after(attempts: int) -> datetime.timedelta:
    """Return how long to wait after so many attempts: a minute, two, four ... at most six hours."""
    doublings = max(0, min(attempts - 1, 20))
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def deliver(number: int) -> Notice | None:
    """Send one notice that is due; returns None where another sends it now, or it is not time yet."""
    held = _take(_due().filter(pk=number, digest=False))
    if not held:
        return None
    _send(held)
    return held[0]


@shared_task(expires=300)
def deliver_one(number: int) -> None:
    """Send one notice, now that it is committed. The next round sends it where the mail server rests."""
    if time.monotonic() >= _server_rests_until:
        deliver(number)


def due() -> list[int]:
    """Return the numbers of the notices that could be sent now, oldest first, those of digests apart."""
    return list(_due().filter(digest=False).order_by("pk").values_list("pk", flat=True))


def deliver_round() -> int:
    """Send all that is due, digests last; return how many messages went out.

    A mail server that does not answer ends the round after one try: the others stay due.
    """
    rounds = [_due().filter(pk=number, digest=False) for number in due()]
    rounds += [_due().filter(recipient=person, digest=True) for person in _people_with_digests()]
    sent = 0
    for notices in rounds:
        with jobs.noting("outbox", "mail"):
            if held := _take(notices):
                error = _send(held)
                if error is not None and server_away(error):
                    jobs.note("outbox", settings.EMAIL_HOST, error)
                    break
                sent += error is None
    return sent


def _people_with_digests() -> list[int]:
    waiting = _due().filter(digest=True, recipient__isnull=False)
    return list(waiting.order_by("recipient").values_list("recipient", flat=True).distinct())


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(state__in=_OPEN, not_before__lte=clock.now())


@transaction.atomic
def _take(notices: QuerySet[Notice]) -> list[Notice]:
    """Hold the notices that nobody else holds, and return them in the order of their numbers."""
    free = notices.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
    held = list(free.order_by("pk"))
    now = clock.now()
    for notice in held:
        notice.state, notice.not_before = Notice.State.SENDING, now + HOLD
        notice.first_tried_at = notice.first_tried_at or now
        notice.save()
    return held


def _send(held: Sequence[Notice]) -> Exception | None:
    """Send what we hold to its one recipient in one message; write down, and return, what went wrong."""
    with override(held[0].language):
        messages = _rendered(held)
        if not messages:
            return None
        first = next(iter(messages))
        whole = digest(list(messages.values())) if first.digest else messages[first]
        try:
            _mail(first, whole).send()
        except Exception as error:  # whatever the mail system says, the notice must not be lost
            _rest_after(error)
            for notice in messages:
                _try_again(notice, error)
            return error
        for notice, said in messages.items():
            _done(notice, said)
        return None


def _mail(notice: Notice, whole: Message) -> EmailMultiAlternatives:
    """Return the message as it goes out: the same Message-ID at each try, so that mail systems can tell."""
    mail = EmailMultiAlternatives(
        whole.subject,
        whole.text,
        to=[notice.recipient.email if notice.recipient else notice.address],
        headers={
            "Message-ID": f"<notice-{notice.pk}.{notice.token.hex}@{urlsplit(settings.BASE_URL).hostname}>",
            # No answers from machines, please: RFC 3834.
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(fail_silently=False),
    )
    mail.attach_alternative(whole.html, "text/html")
    if attached := KINDS[notice.kind].files:
        for name, content, media_type in attached(notice):
            mail.attach(name, content, media_type)
    return mail


def server_away(error: Exception) -> bool:
    """Tell whether the server could not be asked at all, rather than that it refused this one message."""
    away = smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPAuthenticationError
    return isinstance(error, OSError) and (
        isinstance(error, away) or not isinstance(error, smtplib.SMTPException)
    )


def _rest_after(error: Exception) -> None:
    """Leave a server that does not answer in peace for a moment."""
    global _server_rests_until

    if server_away(error):
        _server_rests_until = time.monotonic() + _REST


def _rendered(held: Sequence[Notice]) -> dict[Notice, Message]:
    """Return the messages of the notices that are still needed, and write down what became of the others.

    One that can't be put into words waits and is given up like one that can't be sent; the others go on.
    """
    found: dict[Notice, Message] = {}
    for notice in held:
        try:
            with transaction.atomic():
                said = _message_of(notice)
        except Exception as error:  # a template or its words: whatever it is, the others must go out
            _logger.exception("notice_without_words", notice=notice.pk, kind=notice.kind)
            _try_again(notice, error)
            continue
        if said is None:
            _write_down(notice, state=Notice.State.DROPPED)
        else:
            found[notice] = said
    return found


def _message_of(notice: Notice) -> Message | None:
    kind = KINDS[notice.kind]
    person = notice.recipient
    if person is not None and not _reachable(person, kind.notice_class):
        return None
    context = kind.words(notice)
    if context is None:
        return None
    choosable = person is not None and kind.notice_class != NoticeClass.SECURITY
    return message(notice.kind, context | {"person": person}, choosable=choosable)


def _reachable(person: User, notice_class: NoticeClass) -> bool:
    """Tell whether a person still gets notices: the blocked only those about their account."""
    if person.anonymised_on is not None:
        return False
    return person.is_active or notice_class == NoticeClass.SECURITY


def _try_again(notice: Notice, error: Exception) -> None:
    """Wait longer each time, and give up where everyone can see it."""
    now = clock.now()
    tried_since = notice.first_tried_at or now
    given_up = now - tried_since >= GIVE_UP_AFTER
    if given_up:
        _logger.error("notice_given_up", notice=notice.pk, kind=notice.kind, error=type(error).__name__)
    _write_down(
        notice,
        state=Notice.State.FAILED if given_up else Notice.State.WAITING,
        attempts=notice.attempts + 1,
        last_error=f"{type(error).__name__}: {error}"[:300],
        not_before=now + wait_after(notice.attempts + 1),
    )


def _done(notice: Notice, said: Message) -> None:
    secret = KINDS[notice.kind].secret
    kept: dict[str, Any] = {"context": {}} if secret else {"body": said.text}
    _write_down(
        notice,
        state=Notice.State.SENT,
        sent_at=clock.now(),
        attempts=notice.attempts + 1,
        last_error="",
        subject=said.subject[:200],
        **kept,
    )


def _write_down(notice: Notice, **what_became_of_it: Any) -> None:
    """Change a notice that we hold; where we held it for too long, and another holds it, only as sent."""
    row = Notice.objects.filter(pk=notice.pk)
    if what_became_of_it["state"] != Notice.State.SENT:
        row = row.filter(state=Notice.State.SENDING, not_before=notice.not_before)
    row.update(**what_became_of_it)
    for name, value in what_became_of_it.items():
        setattr(notice, name, value)


def send_again(notices: QuerySet[Notice]) -> int:
    """Put notices that were given up back into the outbox, for their full time; return how many."""
    given_up = notices.filter(state=Notice.State.FAILED)
    return given_up.update(
        state=Notice.State.WAITING, not_before=clock.now(), first_tried_at=None, attempts=0
    )
