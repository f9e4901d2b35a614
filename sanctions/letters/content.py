"""Everything that the words of a letter need, in the partner's language: frozen as the letter is written."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs import clock, dates, money, terms_in_words
from orgs.localised import reading
from orgs.models import Organisation, User
from orgs.models.dated import in_force
from orgs.notice_kinds import absolute
from orgs.roles import Role
from orgs.wording import lower_first
from sanctions import grounds, proceeding, remarks
from sanctions.letters.blocks import one_line
from sanctions.letters.facts import facts_of
from sanctions.models import Case, Decision, LedgerEntry, Letter
from sanctions.proceeding import CONTENT, Ground, Stage

Context = dict[str, Any]
_DAY = datetime.timedelta(days=1)


def of_decision(decision: Decision, language: str) -> Context:
    """Return what a letter on a decision says; asked for within `translation.override(language)`."""
    case = decision.case
    context = _of_case(case, language) | {
        "text": one_line(decision.text),
        "steering": one_line(decision.steering),
        "sanctioned": case.decisions.filter(amount__isnull=False).exists(),
        "stage": decision.get_stage_display(),
        "level": _LEVELS.get(Stage(decision.stage), 0) if decision.stage else 0,
        "amount": money.euros(decision.amount) if decision.amount is not None else "",
        "put_right_by": dates.date(decision.put_right_by) if decision.put_right_by else "",
        "held_on": dates.date(decision.held_on) if decision.held_on else "",
        "held_with": one_line(decision.held_with),
        "decided_on": dates.date(decision.on),
    }
    if decision.stage:
        context |= _after(decision)
    answer_by = decision.put_right_by or clock.today() + case.terms.answer_days * _DAY
    return context | {"answer_by": dates.date(answer_by)}


def of_credit(entry: LedgerEntry, language: str) -> Context:
    """Return what a letter on a credit says: of which sanction, how much, and what is left of it."""
    sanction = entry.about
    assert sanction is not None
    invoiced = sanction.followers.filter(kind=LedgerEntry.Kind.INVOICED).first()
    return _of_case(entry.case, language) | {
        "text": one_line(entry.grounds),
        "amount": money.euros(entry.amount),
        "sanction": money.euros(sanction.amount),
        "row": sanction.number,
        "given_on": dates.date(sanction.on),
        "left": money.euros(sanction.left),
        "invoice": one_line(invoiced.reference) if invoiced else "",
        "answer_by": dates.date(clock.today() + entry.case.terms.answer_days * _DAY),
    }


_LEVELS = {Stage.FIRST: 1, Stage.SECOND: 2, Stage.THIRD: 3}


def _of_case(case: Case, language: str) -> Context:
    matter = "content" if case.ground in CONTENT else str(case.ground)
    return {
        "partner": grounds.partner_of(case, language),
        "what": one_line(grounds.what_of(case, language)),
        "case": case.pk,
        "matter": matter,
        "half_year": case.half_year,
        "reason": one_line(grounds.sentence_of(case)),
        "about": one_line(case.text),
        "facts": [(label, one_line(value)) for label, value in facts_of(case, language)],
        "earlier": list(_earlier(case)),
        "agreement": str(case.agreement),
        "clause": terms_in_words.clause(matter, case.terms),
        "link": absolute(reverse("office:case", args=[case.pk])),
        "today": dates.date(clock.today()),
    }


def _earlier(case: Case) -> list[str]:
    """Return the letters of the case up to now, as one names them."""
    letters = Letter.objects.filter(case=case).defer("pdf", "blocks").order_by("year", "number")
    return [
        _("%(what)s %(day)s (letter %(number)s)")
        % {"what": _named(one), "day": dates.date(one.on), "number": one.name}
        for one in letters
    ]


def _named(letter: Letter) -> str:
    if letter.decision is not None and letter.decision.stage:
        return letter.decision.get_stage_display()
    return letter.get_kind_display()


def _after(decision: Decision) -> Context:
    """Return what follows where nothing is put right: the step, its earliest day and its sanction."""
    case, terms = decision.case, decision.case.terms
    step = proceeding.following(Stage(decision.stage), decision.on, terms)
    if step is None:
        return {"next": ""}
    before = remarks.on_handovers(case).count() if case.ground == Ground.HANDOVER else 0
    amount = proceeding.amount_of(step.stage, terms, remarks_before=before)
    return {
        "next": lower_first(str(step.stage.label)),
        "next_on": dates.date(step.on),
        "next_amount": money.euros(amount) if amount is not None else "",
    }


def signed_by(person: User | None, system: str) -> str:
    """Return who decided, with the person's role, as it stands under the letter."""
    if person is None:
        return system
    name = person.get_full_name()
    manages = person.memberships.filter(in_force(clock.today()), role=Role.PROJECT_MANAGER).exists()
    return f"{name}, {lower_first(str(Role.PROJECT_MANAGER.label))}" if manages else name


def sender(language: str) -> str:
    """Return the name of the project, which sends the letters."""
    project = Organisation.objects.open().filter(kind=Organisation.Kind.PROJECT).first()
    return reading(project.name, language).text if project else ""
