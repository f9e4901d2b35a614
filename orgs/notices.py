"""Telling people things: an outbox written in the same transaction as what it tells of.

`tell` writes a row; `orgs.delivery` sends it. Whether anything is sent therefore follows what was
committed, whatever happens to the broker or to the mail server meanwhile.
"""

import datetime
import time
from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from orgs import access, clock, jobs
from orgs.delivery import deliver_one
from orgs.localised import page_language
from orgs.models import Notice, NoticeChoice, NoticeClass, Organisation, User
from orgs.notice_kinds import KINDS

_logger = structlog.get_logger(__name__)
_REST = 10  # seconds
_broker_rests_until = 0.0
# The daily digest leaves at this hour in Helsinki.
DIGEST_HOUR = 7
LINKS_AN_HOUR = 3


def tell(kind: str, recipient: User, **context: Any) -> Notice:
    """Put a notice to `recipient` into the outbox; `context` holds plain values of JSON."""
    notice_class = KINDS[kind].notice_class
    digest = (
        notice_class != NoticeClass.SECURITY
        and not KINDS[kind].at_once
        and NoticeChoice.objects.filter(user=recipient, notice_class=notice_class).exists()
    )
    return _put(kind, context, recipient=recipient, language=recipient.language, digest=digest)


def tell_holders(
    kind: str,
    organisation: Organisation,
    roles: Iterable[str],
    *,
    about: User,
    but: User | None = None,
    **context: Any,
) -> None:
    """Tell those who hold one of `roles` in an organisation about a person; not that person, nor `but`."""
    for holder in access.holders_in(organisation, roles).exclude(pk__in=[about.pk, but.pk if but else None]):
        tell(kind, holder, name=str(about), organisation=organisation.external_id, **context)


def tell_address(kind: str, address: str, language: str | None = None, **context: Any) -> Notice:
    """Put a notice to someone without an account into the outbox."""
    return _put(kind, context, address=address, language=language or page_language())


def _put(
    kind: str,
    context: dict[str, Any],
    *,
    language: str,
    recipient: User | None = None,
    address: str = "",
    digest: bool = False,
) -> Notice:
    now = clock.now()
    notice = Notice.objects.create(
        kind=kind,
        notice_class=KINDS[kind].notice_class,
        recipient=recipient,
        address=address,
        language=language,
        context=context,
        digest=digest,
        by_clock=jobs.at_work(),
        created_at=now,
        not_before=next_digest(now) if digest else now,
    )
    if not digest:
        transaction.on_commit(lambda: _hand_to_worker(notice.pk), robust=True)
    return notice


def _hand_to_worker(number: int) -> None:
    """Ask a worker to send now. Without a broker the sweep finds the row later.

    A broker that did not answer is left in peace for a while, so that a page with many notices
    does not wait for it again and again.
    """
    global _broker_rests_until

    if time.monotonic() < _broker_rests_until:
        return
    try:
        deliver_one.delay(number)
    except Exception as error:  # the broker's client libraries raise their own kinds of errors
        _broker_rests_until = time.monotonic() + _REST
        _logger.warning("notice_left_to_the_sweep", notice=number, error=type(error).__name__)


class ToldOften(Exception):
    """One person has been sent as many links of a kind in an hour as anyone needs."""


def link_within_limits(kind: str, *, recipient: User | None = None, address: str = "") -> None:
    """Raise ToldOften where the person, or the address, got LINKS_AN_HOUR of a kind in the last hour.

    Whoever sends them: a mailbox can't be filled through us.
    """
    lately = Notice.objects.filter(kind=kind, created_at__gt=clock.now() - datetime.timedelta(hours=1))
    if lately.filter(recipient=recipient, address__iexact=address).count() >= LINKS_AN_HOUR:
        raise ToldOften


def forget_old() -> int:
    """Delete notices older than NOTICE_DAYS, whatever became of them; return how many there were."""
    oldest = clock.now() - datetime.timedelta(days=settings.NOTICE_DAYS)
    deleted, _by_model = Notice.objects.filter(created_at__lt=oldest).delete()
    return deleted


def next_digest(now: datetime.datetime) -> datetime.datetime:
    """Return when the next daily digest leaves after `now`."""
    local = now.astimezone(clock.ZONE)
    leaves = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return leaves if leaves > local else leaves + datetime.timedelta(days=1)
