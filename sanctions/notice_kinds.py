"""The kinds of notices of this room, and the words that their templates need."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from orgs import notice_kinds
from orgs.localised import reading
from orgs.models import Agreement, Notice, NoticeClass, Organisation
from orgs.notice_kinds import NoticeKind, absolute
from sanctions import access, grounds, matters, neglects
from sanctions.letters.blocks import lines_of
from sanctions.models import Correction, Decision, Handover, Letter, Meeting
from sanctions.proceeding import Stage

Context = dict[str, Any]


def _case(notice: Notice) -> Context | None:
    """Return the words about a case; nothing for who may not see it any more when it is sent."""
    reader = notice.recipient
    case = access.cases_for(reader).filter(pk=notice.context["case"]).first() if reader else None
    if case is None:
        return None
    with translation.override(notice.language):
        context = dict(notice.context) | {
            "partner": str(case.partner),
            "what": grounds.what_of(case, notice.language),
            "ground": grounds.sentence_of(case),
            "link": absolute(reverse("office:case", args=[case.pk])),
        }
        if "stage" in context:
            context["stage"] = str(Stage(context["stage"]).label)
        if "correction" in context:
            correction = Correction.objects.get(pk=context["correction"])
            context["found"] = reading(correction.found, notice.language).text
        if "decision" in context:
            context |= _decision(Decision.objects.get(pk=context["decision"]))
    return context


def _decision(one: Decision) -> Context:
    return {
        "stage": one.get_stage_display(),
        "decided": one.get_kind_display(),
        "by": one.actor.full_name if one.actor else one.get_actor_as_display(),
        "put_right_by": one.put_right_by,
        "until": one.until,
        "amount": one.amount,
        "text": one.text,
    }


def _absence(notice: Notice) -> Context | None:
    """Return the warning as things are when it is sent; None where the next absence costs nothing more."""
    partner = Organisation.objects.get(external_id=notice.context["partner"])
    kind = neglects.OF_BODY[Meeting.Kind(notice.context["body"])]
    amount = neglects.costs_next([partner]).get(partner.pk, {}).get(kind)
    if amount is None:
        return None
    with translation.override(notice.language):
        return {
            "partner": str(partner),
            "on": datetime.date.fromisoformat(notice.context["on"]),
            "warning": matters.warning(kind, amount),
            "link": absolute(reverse("office:meetings")),
        }


def _handover(notice: Notice) -> Context | None:
    """Return the words about a handover, as long as it is to be confirmed."""
    one = Handover.objects.select_related("giver", "receiver").filter(pk=notice.context["handover"]).first()
    if one is None or one.done_on is not None:
        return None
    return {
        "giver": one.giver.full_name,
        "receiver": one.receiver.full_name,
        "due": one.due_on,
        "link": absolute(reverse("office:handover", args=[one.pk])),
    }


def _waiting(notice: Notice) -> Context:
    return dict(notice.context) | {"link": absolute(reverse("office:office"))}


def _end(notice: Notice) -> Context | None:
    """Return the words about the end of an agreement, and what follows it; None where it is gone."""
    agreement = Agreement.objects.filter(pk=notice.context["agreement"]).first()
    if agreement is None:
        return None
    link = absolute(reverse("office:office"))
    return {"agreement": agreement, "follows": agreement.following(), "link": link}


def _letter(notice: Notice) -> Context | None:
    """Return the words of a letter; nothing for who may not see its case any more when it is sent."""
    letter = Letter.objects.defer("pdf").filter(pk=notice.context["letter"]).first()
    reader = notice.recipient
    if letter is None or reader is None or not access.cases_for(reader).filter(pk=letter.case_id).exists():
        return None
    return {
        "letter": letter.name,
        "title": letter.title,
        "partner": letter.recipient,
        "blocks": lines_of(letter.blocks),
        "signed": letter.signed,
        "link": absolute(reverse("office:letter", args=[letter.year, letter.number])),
        "case_link": absolute(reverse("office:case", args=[letter.case_id])),
    }


def _file(notice: Notice) -> list[tuple[str, bytes, str]]:
    letter = Letter.objects.get(pk=notice.context["letter"])
    return [(letter.file_name, bytes(letter.pdf), "application/pdf")]


def _workshop(notice: Notice) -> Context | None:
    """Return the words about a workshop; nothing where it has been taken off meanwhile."""
    workshop = Meeting.objects.filter(pk=notice.context["workshop"]).select_related("facilitator").first()
    if workshop is None:
        return None
    with translation.override(notice.language):
        return {
            "on": workshop.on,
            "partner": str(workshop.facilitator),
            "which": notice.context.get("which", ""),
            "link": absolute(reverse("office:workshop", args=[workshop.pk])),
        }


def _workshop_off(notice: Notice) -> Context:
    partner = Organisation.objects.get(external_id=notice.context["partner"])
    with translation.override(notice.language):
        return {
            "on": datetime.date.fromisoformat(notice.context["on"]),
            "partner": str(partner),
            "link": absolute(reverse("office:meetings")),
        }


def register() -> None:
    """Tell the outbox of the kinds above."""
    notice_kinds.register("absence_warning", NoticeKind(NoticeClass.SANCTIONS, _absence))
    notice_kinds.register("decisions_wait", NoticeKind(NoticeClass.SANCTIONS, _waiting))
    notice_kinds.register("agreement_ends", NoticeKind(NoticeClass.AGREEMENT, _end))
    notice_kinds.register("letter", NoticeKind(NoticeClass.SANCTIONS, _letter, at_once=True, files=_file))
    # "case_given" went out before there were letters: one may still wait in an outbox.
    for name in (
        *("case_proposed", "case_given", "case_decided", "case_answered"),
        *("correction_proposed", "case_to_steering"),
    ):
        notice_kinds.register(name, NoticeKind(NoticeClass.SANCTIONS, _case))
    for name in ("workshop_planned", "workshop_written"):
        notice_kinds.register(name, NoticeKind(NoticeClass.AGREEMENT, _workshop))
    notice_kinds.register("workshop_off", NoticeKind(NoticeClass.AGREEMENT, _workshop_off))
    for name in ("handover_opened", "handover_due"):
        notice_kinds.register(name, NoticeKind(NoticeClass.MEMBERSHIP, _handover))
