"""What has happened in a case, from its grounds on: the run's steps, mails, decisions, answers."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import clock, dates, money
from sanctions import on_record
from sanctions.models import Case, Correction, Decision
from sanctions.on_record import name_of
from workflow.desk.events import events_of


@dataclass(frozen=True)
class Happened:
    """One thing that happened; `kind` tells decisions from the rest, `file` leads to evidence."""

    day: datetime.date
    at: datetime.datetime
    sentence: str
    words: str = ""
    kind: str = ""
    file: str = ""
    file_name: str = ""


def timeline_of(case: Case) -> list[Happened]:
    """Return everything that happened in the case, the newest first."""
    found = [
        *_opened(case), *_mentions(case), *_run(case), *_mails(case), *_decisions(case), *_letters(case),
        *_corrections(case), *_answers(case),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.day, one.at), reverse=True)


def _opened(case: Case) -> Iterator[Happened]:
    if case.opened_by is None:
        yield Happened(_day(case.opened_at), case.opened_at, _("The system opened the case."))
    else:
        words = {"person": name_of(case.opened_by)}
        yield Happened(_day(case.opened_at), case.opened_at, _("%(person)s opened the case.") % words)


def _day(moment: datetime.datetime) -> datetime.date:
    return clock.day_of(moment)


def _mentions(case: Case) -> Iterator[Happened]:
    for one in case.mentions.select_related("to"):
        sentence = _("It was raised with %(person)s.") % {"person": name_of(one.to)}
        midnight = clock.beginning_of(one.on)
        yield Happened(one.on, midnight, sentence, one.text)


def _run(case: Case) -> Iterator[Happened]:
    if case.run is not None and case.service is not None:
        for event in events_of(case.service, internal=False, run=case.run, named=name_of):
            yield Happened(event.day, event.at, event.sentence, event.words)


def _mails(case: Case) -> Iterator[Happened]:
    # Those on record, and those that went out since the last sweep.
    sent = {one.notice: (one.kind, one.subject, one.at, one.recipient) for one in case.mails.all()}
    for notice in on_record.mails_of(case):
        assert notice.sent_at is not None
        name = notice.recipient.get_full_name() if notice.recipient else notice.address
        sent.setdefault(notice.pk, (notice.kind, notice.subject, notice.sent_at, name))
    # What went to several people at once is one line.
    together: dict[tuple[str, str, datetime.date], list[tuple[datetime.datetime, str]]] = {}
    for kind, subject, at, name in sorted(sent.values(), key=lambda one: one[2]):
        together.setdefault((kind, subject, _day(at)), []).append((at, name))
    for (_kind, subject, day), rows in together.items():
        sentence = _("A mail was sent to %(people)s.") % {"people": ", ".join(name for _at, name in rows)}
        yield Happened(day, rows[-1][0], sentence, subject, "mail")


def _decisions(case: Case) -> Iterator[Happened]:
    for one in case.decisions.select_related("actor"):
        yield Happened(one.on, one.at, _sentence(one), one.text, "decision")


def _corrections(case: Case) -> Iterator[Happened]:
    for one in case.corrections.select_related("decided_by"):
        midnight = clock.beginning_of(one.proposed_on)
        yield Happened(one.proposed_on, midnight, _("A correction was proposed."), str(one), "correction")
        if one.decided_on is None or one.state == Correction.State.GIVEN:
            continue  # a correction that was made is a decision
        who = name_of(one.decided_by) if one.decided_by else ""
        sentence = (
            _("%(person)s left the case as it is.") % {"person": who}
            if who
            else _("The correction lapsed: the record bears out what was given.")
        )
        yield Happened(one.decided_on, clock.beginning_of(one.decided_on), sentence, one.text, "correction")


def _letters(case: Case) -> Iterator[Happened]:
    for one in case.letters.defer("pdf", "blocks"):
        names = ", ".join(row["name"] for row in one.recipients)
        words = {"number": one.name, "people": names or "–"}
        sentence = _("Letter %(number)s was sent to %(people)s.") % words
        page = reverse("office:letter", args=[one.year, one.number])
        yield Happened(one.on, one.at, sentence, "", "letter", page, one.title)


def _sentence(one: Decision) -> str:
    who = name_of(one.actor) if one.actor else one.get_actor_as_display()
    sentence = f"{who} {one.get_kind_display()}"
    if one.stage:
        sentence += f": {one.get_stage_display()}"
    sentence += "."
    if one.held_on:
        words = {"day": dates.date(one.held_on), "person": one.held_with}
        sentence += " " + _("Held on %(day)s with: %(person)s.") % words
    if one.put_right_by:
        sentence += " " + _("It must be put right by %(day)s.") % {"day": dates.date(one.put_right_by)}
    if one.until:
        sentence += " " + _("It waits until %(day)s.") % {"day": dates.date(one.until)}
    if one.amount is not None:
        sentence += " " + _("Sanction: %(amount)s.") % {"amount": money.euros(one.amount)}
    return sentence


def _answers(case: Case) -> Iterator[Happened]:
    for one in case.answers.select_related("by"):
        file = reverse("office:evidence", args=[case.pk, one.pk]) if one.sha256 else ""
        sentence = _("%(person)s answered for the partner.") % {"person": name_of(one.by)}
        yield Happened(_day(one.at), one.at, sentence, one.text, "answer", file, one.file_name)
