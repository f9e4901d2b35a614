"""Sending what the outbox holds: once each, again with growing waits, and never silently lost."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from orgs import clock
from orgs.models import Notice, NoticeClass, User
from orgs.notice_kinds import DIGEST, KINDS, absolute

_logger = structlog.get_logger(__name__)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)
GIVE_UP_AFTER = datetime.timedelta(days=3)
_LINK = "→ "


class Message(NamedTuple):
    """A notice in words, in the recipient's language."""

    subject: str
    text: str
    html: str


class Part(NamedTuple):
    """A paragraph of a message: words, or words with the address they lead to."""

    words: str
    url: str = ""


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
        parts = {notice: _message_of(notice) for notice in notices}
        kept = {notice: message for notice, message in parts.items() if message is not None}
        for notice in notices:
            if notice not in kept:
                notice.state = Notice.State.DROPPED
                notice.save()
        if not kept:
            return
        messages = list(kept.values())
        message = messages[0] if not notices[0].digest else _together(messages)
        first = next(iter(kept))
        mail = EmailMultiAlternatives(
            message.subject,
            message.text,
            to=[first.recipient.email if first.recipient else first.address],
            # The same at each attempt: a mail system that got it twice can tell.
            headers={"Message-ID": f"<notice-{first.pk}@palvelumanuaali>"},
            connection=get_connection(fail_silently=False),
        )
        mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        except Exception as error:  # whatever the mail system says, the notice must not be lost
            for notice in kept:
                _try_again(notice, error)
            return
    for notice, message in kept.items():
        _done(notice, message)


def _message_of(notice: Notice) -> Message | None:
    kind = KINDS[notice.kind]
    person = notice.recipient
    if person is not None and not _reachable(person, kind.notice_class):
        return None
    context = kind.words(notice)
    if context is None:
        return None
    text = render_to_string(f"notices/{notice.kind}.txt", context | {"person": person})
    return message_from(text, choosable=person is not None and kind.notice_class != NoticeClass.SECURITY)


def _reachable(person: User, notice_class: NoticeClass) -> bool:
    """Tell whether a person still gets notices: the blocked only those about their account."""
    if person.anonymised_on is not None:
        return False
    return person.is_active or notice_class == NoticeClass.SECURITY


def message_from(source: str, *, choosable: bool = False) -> Message:
    """Return the message that a filled-in template says; `choosable` ones tell of the daily digest."""
    subject, _newline, rest = source.strip().partition("\n")
    blocks = [" ".join(block.split()) for block in rest.split("\n\n") if block.strip()]
    parts = [_part(block) for block in blocks]
    foot = gettext("You can choose which messages come once a day on your own page.") if choosable else ""
    return Message(subject.strip(), _as_text(parts, foot), _as_html(subject.strip(), parts, foot))


def _part(block: str) -> Part:
    if not block.startswith(_LINK):
        return Part(block)
    words, _bar, url = block.removeprefix(_LINK).rpartition(" | ")
    return Part(words, url)


def _as_text(parts: Sequence[Part], foot: str) -> str:
    body = "\n\n".join(f"{part.words}:\n{part.url}" if part.url else part.words for part in parts)
    signature = "\n".join(filter(None, ["--", foot, "Palvelumanuaali", absolute("/")]))
    return f"{body}\n\n{signature}\n"


def _as_html(subject: str, parts: Sequence[Part], foot: str) -> str:
    words = {"subject": subject, "parts": parts, "foot": foot, "home": absolute("/")}
    return render_to_string("notices/layout.html", words)


def _together(messages: Sequence[Message]) -> Message:
    """Return one message with all of a day's."""
    source = render_to_string(f"notices/{DIGEST}.txt", {"messages": messages})
    return message_from(source, choosable=True)


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


def _done(notice: Notice, message: Message) -> None:
    notice.attempts += 1
    notice.state, notice.sent_at, notice.last_error = Notice.State.SENT, clock.now(), ""
    notice.subject = message.subject
    if KINDS[notice.kind].secret:
        notice.context = {}
    else:
        notice.body = message.text
    notice.save()


def try_failed_again(notice: Notice) -> None:
    """Put a notice that was given up back into the outbox."""
    now = clock.now()
    Notice.objects.filter(pk=notice.pk, state=Notice.State.FAILED).update(
        state=Notice.State.WAITING, created_at=now, not_before=now, attempts=0
    )
