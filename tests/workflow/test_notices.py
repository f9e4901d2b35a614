"""The pipeline's notices in words, each in every language."""

from typing import Any

import pytest
from django.core.mail import EmailMessage

from orgs import clock, delivery, notices
from orgs.models import Notice
from orgs.notice_kinds import KINDS
from tests import factories
from tests.workflow.conftest import Pipeline
from workflow.models import ChangeRequest

BY = {"actor": "Oona Malmi"}
WORDS: dict[str, dict[str, Any]] = {
    "run_submitted": BY | {"fields": ["summary"], "due": "2026-12-07", "again": False, "new": False},
    "updater_named": BY | {"half": "provider"},
    "run_languages_added": BY | {"languages": ["sv"]},
    "run_brought_back": BY,
    "run_returned": BY | {"reason": "Kerro paikka."},
    "run_recalled": BY,
    "run_withdrawn": BY,
    "run_published": BY,
    "run_paused": BY | {"reason": "legal", "text": "Kysymme lakimieheltä."},
    "run_extended": BY | {"text": "Odotamme selvitystä.", "estimate": "2026-12-10"},
    "run_unscheduled": BY,
    "run_due_soon": {"due": "2026-12-07"},
    "run_overdue": {"due": "2026-12-07"},
    "pause_asked": BY | {"text": "Muutto."},
    "pause_decided": BY | {"accepted": True},
    "longer_taken": BY | {"text": "Etuusohje muuttui.", "due": "2026-12-14"},
    "longer_refused": BY | {"text": "Ohje on ennallaan.", "due": "2026-12-07"},
    "reminder_first": {"outdates": "2026-12-24"},
    "reminder_second": {"outdates": "2026-12-24"},
    "service_outdated": BY,
    "service_archived": BY,
    "service_back": BY,
    "season_set": {"first": "2026-12-21", "last": "2027-01-06"},
    "season_removed": {"first": "2026-12-21", "last": "2027-01-06"},
    "jobs_stood_still": {"first": "2026-12-01", "last": "2027-01-10"},
    "change_requested": BY,
    "change_answered": BY,
}


ABOUT_NO_SERVICE = ("season_set", "season_removed", "jobs_stood_still")


def test_no_kind_of_this_room_is_left_out_below() -> None:
    own = {name for name, kind in KINDS.items() if kind.words.__module__ == "workflow.notice_kinds"}
    assert own == set(WORDS)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_has_words_in_every_language(
    pipeline: Pipeline, mailoutbox: list[EmailMessage], kind: str, language: str
) -> None:
    asked = ChangeRequest.objects.create(
        service=pipeline.service, audience="public", text="?", by=pipeline.partner, at=clock.now()
    )
    person = factories.member("partner", "expert", language=language)
    context = {"service": pipeline.service.external_id, "request": asked.pk} | WORDS[kind]
    notice = notices.tell(kind, person, **context)
    delivery.deliver(notice.pk)
    (mail,) = mailoutbox
    said = f"{mail.subject}{mail.body}"
    assert "{" not in said
    assert "%(" not in said
    assert "None" not in said
    if kind not in ABOUT_NO_SERVICE:
        assert "Kielikahvila" in said
    desk = {"fi": "tyopoyta", "sv": "skrivbord", "en": "desk"}[language]
    usual = f"/{desk}/" if kind in ABOUT_NO_SERVICE else f"/{desk}/kielikahvila/"
    page = {"run_published": "/kielikahvila/"}.get(kind, usual)
    assert f"/{language}/" in said
    assert page in said, "each leads to the very page"
    assert Notice.objects.get(pk=notice.pk).state == "sent"
