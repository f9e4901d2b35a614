"""The demo's breaches: cases at every step, meetings, handovers and a ledger, told relative to today.

Days pass one by one from a while ago up to today; on each what was planned for it happens, the sweep
does what is due, and the project manager decides what the plan says, on its day.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from orgs import clock, people
from orgs.models import Organisation, Seat, User
from orgs.roles import Body, SeatKind
from palvelumanuaali.demo.places import CONTENT
from palvelumanuaali.demo.story import ago, story_of, words
from sanctions import ledger, neglects, turns
from sanctions import sweep as cases
from sanctions.actions import answering, deciding, handing_over, opening, workshops
from sanctions.actions.answering import Evidence
from sanctions.actions.deciding import Discussion
from sanctions.actions.meetings import There, holders, record
from sanctions.actions.opening import Raised
from sanctions.models import Attendance, Case, Handover, LedgerEntry, Meeting
from sanctions.proceeding import Ground, Stage
from services import transfers
from services.exchange.exporting import files_folder
from services.models import Service
from services.models.transfer import Basis
from services.transfer_effects import Plan
from workflow import pairs, sweep
from workflow.models import HolidaySeason, Run, Updater
from workflow.states import CLOCKED

_START = 115  # days ago
_DAY, _WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
_Plan = dict[int, list[Callable[[], object]]]
Presence = Attendance.Presence

# What is decided of each service's case, on its day; what is not named waits for a decision today.
_GIVEN = {
    "espoo-tyokokeilu": (Stage.FIRST, Stage.SECOND, Stage.THIRD),
    "vantaa-yrittajyyskurssi": (Stage.FIRST, Stage.SECOND),
    "kerava-palkkatuettu-tyo": (Stage.FIRST, Stage.SECOND),
    "helsinki-neuvontapiste": (Stage.FIRST,),
    "raasepori-matkailu-ravintola": (Stage.FIRST,),
    "raasepori-muutostilanteen-neuvonta": (Stage.FIRST,),
}
_EXEMPTED = {
    "kerava-viherpaja": "Kaupungin verkko oli poikki viikon ajan, eikä palvelua voinut julkaista."
    " Katko on dokumentoitu tietohallinnon tiedotteessa.",
}
# A run for each: when it was submitted (days ago), and when it was published, if it was.
LATE: dict[str, tuple[int, int | None]] = {
    "espoo-tyokokeilu": (76, 15),
    "raasepori-muutostilanteen-neuvonta": (70, 45),
    "kerava-viherpaja": (66, 47),
    "vantaa-yrittajyyskurssi": (60, None),
    "kerava-palkkatuettu-tyo": (51, None),
    "helsinki-neuvontapiste": (50, None),
    "raasepori-matkailu-ravintola": (40, None),
}
_CHANGE = words(duration="Sovitaan aloitustapaamisessa, yleensä 3 kuukautta")


def _manager() -> User:
    return User.objects.get(email="projektipaallikko@projekti.example")


def act() -> None:
    """Let the days pass up to yesterday; today is left to the pipeline's own stories."""
    plan: _Plan = defaultdict(list)
    for part in (_runs, _meetings, _handovers, _by_hand, _answers, _entries):
        for days_ago, happens in part():
            plan[min(days_ago, _START)].append(happens)
    for days_ago in range(_START, 0, -1):
        with ago(days_ago):
            for happens in plan[days_ago]:
                happens()
            if plan[days_ago] or _something_is_due():
                _sweep()
                if _decide():
                    _sweep()
    for happens in plan[0]:
        happens()


def _sweep() -> None:
    """Do what is due of runs that are late and of cases: nothing else of that time is told in the demo."""
    sweep.flag_overdue()
    cases.sweep()


def _something_is_due() -> bool:
    today = clock.today()
    late = Run.objects.filter(state__in=CLOCKED, overdue_from=None, due_on__lt=today)
    next_steps = Case.objects.filter(state=Case.State.OPEN, proposed_on=None, next_on__lte=today)
    undone = Handover.objects.filter(due_on__lt=today, received_at=None, cases=None)
    return late.exists() or next_steps.exists() or undone.exists()


def _decide() -> bool:
    """Decide, on its day, what the plan says of what is proposed; tell whether anything was."""
    decided = False
    for case in Case.objects.filter(proposed_on__isnull=False).select_related("service", "partner"):
        name = case.service.external_id if case.service else ""
        if name in _EXEMPTED:
            deciding.exempt(case, by=_manager(), text=_EXEMPTED[name])
            decided = True
        elif case.next_stage in _GIVEN.get(name, ()) or _is_worked_example(case) or _is_discussed(case):
            deciding.give(case, case.next_stage, by=_manager(), **_discussion(case))
            decided = True
    return decided


def _is_worked_example(case: Case) -> bool:
    return case.ground == Ground.COOPERATION and case.partner.external_id == "raasepori"


def _discussion(case: Case) -> dict[str, Any]:
    """Return what is told of the discussion about a handover."""
    if not _is_discussed(case):
        return {}
    held = Discussion(clock.today(), "pääkäyttäjä")
    return {"discussion": held, "text": "Tiedonsiirto sovittiin pidettäväksi viikon kuluessa."}


def _is_discussed(case: Case) -> bool:
    return case.next_stage == Stage.DISCUSSION


def _runs() -> Iterator[tuple[int, Callable[[], object]]]:
    for name, (submitted, published) in LATE.items():
        story = story_of(name)
        yield submitted + 1, partial(story.write, 0, _CHANGE)
        yield submitted, partial(story.submit, 0)
        if published is not None:
            yield published, partial(story.publish, 0)


def _days_ago(day: datetime.date) -> int:
    return (clock.today() - day).days


def _year() -> int:
    """Return the newest year whose third quarter's steering group has met."""
    today = clock.today()
    return today.year if today >= _thursday(today.year, 9, 12) else today.year - 1


def _thursday(year: int, month: int, day: int) -> datetime.date:
    first = datetime.date(year, month, day)
    return first + (3 - first.weekday()) % 7 * _DAY


def _meetings() -> Iterator[tuple[int, Callable[[], object]]]:
    """The worked example of the rules: Raasepori misses the steering group in the first and third quarter."""
    today, year = clock.today(), _year()
    for month, missed in ((3, True), (6, False), (9, True), (12, False)):
        day = _thursday(year, month, 12)
        if day <= today:
            absent = ["raasepori"] if missed else []
            yield _days_ago(day), partial(_meeting, "steering_group", day, absent)
    wednesday = datetime.date(year, 1, 7) + (2 - datetime.date(year, 1, 7).weekday()) % 7 * _DAY
    turn = 0
    for number in range(13):
        day = wednesday + number * 4 * _WEEK
        if day > today:
            break
        if day.month == 7:
            continue
        absent = {1: ["kerava"], 5: ["vantaa"], 8: ["kerava"]}.get(number, [])
        yield _days_ago(day), partial(_meeting, "working_group", day, absent)
        workshop = day - 2 * _DAY
        turn += 1
        yield _days_ago(workshop), partial(_workshop, workshop, turn)
    yield 3, partial(_next_workshop, turn + 1)


def _meeting(kind: str, day: datetime.date, absent: list[str]) -> None:
    there, held = {}, holders(Meeting.Kind(kind), day)
    for number, partner in enumerate(neglects.partners_on(day)):
        by_deputy = (day.toordinal() + number) % 9 == 0 and (partner.pk, SeatKind.DEPUTY) in held
        present = Presence.DEPUTY if by_deputy else Presence.MEMBER
        there[partner] = There(Presence.ABSENT if partner.external_id in absent else present)
    record(Meeting.Kind(kind), day, there, by=_manager())


_MATERIAL = """Aiheena on kielitaitovaatimus palvelukuvauksissa.

Lukekaa ennalta omat palvelunne, joissa vaaditaan kielitaitotaso, ja merkitkää, mistä taso tulee: laista, \
hankinnasta vai omasta tavasta.

Työpajassa sovimme, miten taso kerrotaan asiakkaalle."""
_NOTES = """Kielitaitotaso kerrotaan asiakkaalle aina arkisin sanoin ja taso suluissa.

Linjausehdotus viedään seuraavaan työryhmän kokoukseen."""

_TURNS = ("helsinki", "espoo", "vantaa", "kerava", "raasepori")


def _workshop(day: datetime.date, turn: int) -> None:
    facilitator = Organisation.objects.get(external_id=_TURNS[turn % len(_TURNS)])
    # The newest one was neglected: whether it is, is known once there is no later one.
    last = day + 4 * _WEEK > _real_today()
    there = {
        partner: There(Presence.ABSENT if (turn + number) % 7 == 0 else Presence.CONTACT)
        for number, partner in enumerate(neglects.partners_on(day))
        if partner != facilitator
    }
    held = {facilitator: There(Presence.CONTACT), **there} if not last else {}
    made = workshops.record(day, facilitator, workshops.Held(not last, held), by=_manager())
    if not last:
        workshops.write(made, "minutes", _NOTES, by=_manager())


def _next_workshop(turn: int) -> None:
    last = Meeting.objects.filter(kind=Meeting.Kind.WORKSHOP).latest("on").on
    seasons = list(HolidaySeason.objects.all())
    day = turns.next_day(
        last,
        clock.today() + _WEEK,
        weekday=1,
        weeks=4,
        in_season=lambda day: any(season.covers(day) for season in seasons),
    )
    facilitator = Organisation.objects.get(external_id=_TURNS[turn % len(_TURNS)])
    made = workshops.plan(day, facilitator, by=_manager())
    workshops.write(made, "material", _MATERIAL, by=_manager())


def _real_today() -> datetime.date:
    with clock.as_of(None):
        return clock.today()


def _handovers() -> Iterator[tuple[int, Callable[[], object]]]:
    yield 80, partial(_new_updater, "vantaa-lentoasema", "vantaa")
    yield 70, _confirm_both
    yield 38, partial(_new_updater, "kerava-arjen-ryhma", "kerava")
    yield 10, _new_seat


def _new_updater(name: str, partner: str) -> None:
    service, organisation = (
        Service.objects.get(external_id=name),
        Organisation.objects.get(external_id=partner),
    )
    now = pairs.current(service, Updater.Half.PARTNER)
    others = [one for one in pairs.candidates(organisation) if now is None or one.pk != now.user_id]
    pairs.name_updater(service, Updater.Half.PARTNER, others[0], by=_manager())


def _confirm_both() -> None:
    one = Handover.objects.get(partner__external_id="vantaa")
    handing_over.confirm(one, by=one.giver, giver=True)
    handing_over.confirm(one, by=one.receiver, giver=False)


def _new_seat() -> None:
    """Espoo's director leaves the steering group's seat to another."""
    espoo = Organisation.objects.get(external_id="espoo")
    old = Seat.objects.get(organisation=espoo, body=Body.STEERING_GROUP, kind=SeatKind.MEMBER, ends_on=None)
    new = User.objects.get(full_name="Elias Vuori")
    people.give_seat(new, espoo, Body.STEERING_GROUP, SeatKind.MEMBER, by=_manager(), follows=old)


def _by_hand() -> Iterator[tuple[int, Callable[[], object]]]:
    """A transfer of responsibility, and a recurring error that is not clear: with the steering group."""
    yield 12, _transfer
    yield 6, _error
    yield 3, _unclear


def _transfer() -> None:
    """Two of Kerava's services are to be Vantaa's from a day to come."""
    names, ahead = ("kerava-digituki-kotona", "kerava-kirjaston-klubi"), clock.today() + 45 * _DAY
    services = list(Service.objects.filter(external_id__in=names))
    vantaa = Organisation.objects.get(external_id="vantaa")
    decision = "Ohjausryhmän päätös: Keravan ja Vantaan yhteinen digituki"
    transfers.make(Plan(services, vantaa, Basis.THEMATIC, ahead, decision), by=_manager())


def _unclear() -> None:
    text = "Vantaan mukaan virhe on peräisin palveluntuottajan tekstistä. Kuuluuko se kumppanin vastuulle?"
    deciding.take_to_steering(Case.objects.get(ground=Ground.ERROR), by=_manager(), text=text)


def _error() -> None:
    main_user = User.objects.get(email="paakayttaja@vantaa.example")
    today = clock.today()
    opening.by_hand(
        Organisation.objects.get(external_id="vantaa"),
        Ground.ERROR,
        by=_manager(),
        ground_on=today,
        text="Palkkatuen enimmäiskesto on ohjeessa väärin, ja työnantajia on neuvottu väärin kolme kertaa.",
        mentions=[
            Raised(today - 44 * _DAY, main_user, "Puhelimessa: enimmäiskesto on väärin."),
            Raised(today - 23 * _DAY, main_user, "Työryhmän kokouksessa: korjaus on tekemättä."),
        ],
        service=Service.objects.get(external_id="vantaa-rekrytoinnin-apu"),
    )


def _answers() -> Iterator[tuple[int, Callable[[], object]]]:
    yield 9, _answer


def _answer() -> None:
    case = Case.objects.get(service__external_id="vantaa-yrittajyyskurssi")
    files = files_folder(CONTENT)
    contents = (path.read_bytes() for path in sorted(files.iterdir()))
    pdf = next(content for content in contents if content.startswith(b"%PDF-"))
    answering.answer(
        case,
        by=User.objects.get(email="paakayttaja@vantaa.example"),
        text="Kurssin vetäjä vaihtui syksyllä, ja uusi ohjelma valmistui myöhässä."
        " Julkaisemme palvelun tällä viikolla.",
        evidence=Evidence("kurssiohjelma.pdf", pdf),
    )


def _entries() -> Iterator[tuple[int, Callable[[], object]]]:
    """A part of a sanction is credited, another sanction has been invoiced."""
    yield 12, _invoice
    yield 8, _credit


def _sanction(matter: str) -> LedgerEntry | None:
    """Return the sanction; on some days of a year it has not been given yet."""
    return LedgerEntry.objects.filter(matter=matter, kind=LedgerEntry.Kind.SANCTION).first()


def _invoice() -> None:
    if sanction := _sanction("cooperation"):
        ledger.mark_invoiced(sanction, by=_manager(), reference="2026-0031")


def _credit() -> None:
    grounds = "Osa viiveestä johtui palvelinkatkosta, jota ei ollut kirjattu ajoissa."
    if sanction := _sanction("content"):
        ledger.credit(sanction, by=_manager(), amount=Decimal(400), grounds=grounds)
