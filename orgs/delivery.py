"""Sending what the outbox holds: once each, again with growing waits, and never silently lost."""

import datetime
from collections.abc import Sequence

import structlog
from celery import shared_task
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils.translation import override

from orgs import clock
from orgs.messages import Message, digest, message
from orgs.models import Notice, NoticeClass, User
from orgs.notice_kinds import KINDS

_logger = structlog.get_logger(__name__)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
GIVE_UP_AFTER = datetime.timedelta(days=3)


def wait_after(attempts: int) -> datetime.timedelta:
    """Return how long to wait after so many attempts: a minute, two, four ... at most six hours."""
    doublings = max(0, min(attempts - 1, 20))
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def deliver(number: int) -> Notice | None:
    """Send one waiting notice; returns None where another sends it now, or it is not time yet.

    The row is locked while the mail goes out, so two workers never send the same one.
    """
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")
            .filter(pk=number, state=Notice.State.WAITING, digest=False, not_before__lte=clock.now())
            .first()
        )
        if notice is not None:
            _send([notice])
        return notice


@shared_task
def deliver_one(number: int) -> None:
    """Send one notice, now that it is committed."""
    deliver(number)


def due() -> list[int]:
    """Return the numbers of the notices that could be sent now, oldest first, those of digests apart."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, not_before__lte=clock.now())
    return list(waiting.filter(digest=False).order_by("pk").values_list("pk", flat=True))


def deliver_digests() -> int:
    """Send each person the notices that waited for the digest in one message; return how many messages."""
    waiting = Notice.objects.filter(
        state=Notice.State.WAITING, digest=True, not_before__lte=clock.now(), recipient__isnull=False
    )
    people = waiting.order_by("recipient").values_list("recipient", flat=True).distinct()
    sent = 0
    for person in people:
        with transaction.atomic():
            notices = list(
                waiting.filter(recipient=person)
                .select_for_update(skip_locked=True, of=("self",))
                .select_related("recipient")
                .order_by("pk")
            )
            if notices:
                _send(notices)
                sent += 1
    return sent


def _send(notices: Sequence[Notice]) -> None:
    """Send locked notices to their one recipient in one message, and write down what became of it."""
    with override(notices[0].language):
        messages = _rendered(notices)
        if not messages:
            return
        first = next(iter(messages))
        whole = digest(list(messages.values())) if first.digest else messages[first]
        mail = EmailMultiAlternatives(
            whole.subject,
            whole.text,
            to=[first.recipient.email if first.recipient else first.address],
            # The same at each attempt: a mail system that got it twice can tell.
            headers={"Message-ID": f"<notice-{first.pk}@palvelumanuaali>"},
            connection=get_connection(fail_silently=False),
        )
        mail.attach_alternative(whole.html, "text/html")
        try:
            mail.send()
        except Exception as error:  # whatever the mail system says, the notice must not be lost
            for notice in messages:
                _try_again(notice, error)
            return
        for notice, said in messages.items():
            _done(notice, said)


def _rendered(notices: Sequence[Notice]) -> dict[Notice, Message]:
    """Return the messages of the notices that are still needed, and write down what became of the others.

    One that can't be put into words waits and is given up like one that can't be sent; the others go on.
    """
    found: dict[Notice, Message] = {}
    for notice in notices:
        try:
            with transaction.atomic():
                said = _message_of(notice)
        except Exception as error:  # a template or its words: whatever it is, the others must go out
            _logger.exception("notice_without_words", notice=notice.pk, kind=notice.kind)
            _try_again(notice, error)
            continue
        if said is None:
            notice.state = Notice.State.DROPPED
            notice.save()
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
    notice.attempts += 1
    notice.last_error = f"{type(error).__name__}: {error}"[:300]
    notice.not_before = now + wait_after(notice.attempts)
    if now - notice.created_at >= GIVE_UP_AFTER:
        notice.state = Notice.State.FAILED
        _logger.error("notice_given_up", notice=notice.pk, kind=notice.kind, error=type(error).__name__)
    notice.save()


def _done(notice: Notice, said: Message) -> None:
    notice.attempts += 1
    notice.state, notice.sent_at, notice.last_error = Notice.State.SENT, clock.now(), ""
    notice.subject = said.subject[:200]
    if KINDS[notice.kind].secret:
        notice.context = {}
    else:
        notice.body = said.text
    notice.save()


def try_failed_again(notice: Notice) -> None:
    """Put a notice that was given up back into the outbox."""
    now = clock.now()
    Notice.objects.filter(pk=notice.pk, state=Notice.State.FAILED).update(
        state=Notice.State.WAITING, created_at=now, not_before=now, attempts=0
    )
