"""The demo content is enough, covers everything, and is worth reading."""

import datetime
import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from orgs import clock
from orgs.models import Organisation, User, terms_on
from orgs.roles import Role
from orgs.staffing import staffing_of
from palvelumanuaali.demo import loading
from palvelumanuaali.demo.people import PEOPLE, Person
from services import fields
from services.exchange.check import shape_problems
from services.fields import Audience, Kind
from services.models import Service, StatutoryOption
from services.parts import ScheduleKind
from services.rich_text import plain
from workflow import pairs, waiting
from workflow.models import HolidaySeason, Pause, Run, Updater
from workflow.states import OPEN, RunState


def desk_of(person: Person) -> bool:
    """Tell whether someone writes, reviews or decides; ICT looks after everything and waits for nothing."""
    return bool({Role.PRODUCER, Role.MAIN_USER, Role.PROJECT_MANAGER} & set(person.roles))


CONTENT = loading.demo_file()
SERVICES = CONTENT["services"]
PARTNERS = ("helsinki", "espoo", "vantaa", "kerava", "raasepori")


def test_the_file_has_the_shape_of_the_format() -> None:
    assert shape_problems(CONTENT) == []


def test_there_is_enough_of_everything() -> None:
    instructed = [s for s in SERVICES if s["internal"]["texts"].get("fi")]
    translated = [s for s in SERVICES if {"sv", "en"} <= set(s["public"]["texts"])]
    assert len(SERVICES) >= 60
    assert len(instructed) >= 40
    assert len(translated) >= 25
    assert sum(o["kind"] == "provider" for o in CONTENT["organisations"]) >= 15
    assert sum(bool(s["internal"]["municipal"]) for s in SERVICES) >= 20


def test_every_partner_answers_for_a_good_share() -> None:
    shares = Counter(s["responsibility"][0]["partner"] for s in SERVICES)
    assert set(shares) == set(PARTNERS)
    assert min(shares.values()) >= 10


def test_every_term_of_every_vocabulary_is_used() -> None:
    used = {("premises_accessibility", key) for place in CONTENT["places"] for key in place["accessibility"]}
    for public in (service["public"] for service in SERVICES):
        for field in fields.of(Audience.PUBLIC):
            if field.kind is Kind.TERMS:
                used |= {(str(field.vocabulary), key) for key in public[field.name]}
        used |= {("service_language", item["language"]) for item in public["languages"]}
        used |= {("language_level", item["level"]) for item in public["languages"]}
    # Upper categories stand through their lower ones; age bands follow from age limits.
    terms = {
        (name, term["key"])
        for name, terms in CONTENT["vocabularies"].items()
        for term in terms
        if name != "age_band" and (name != "category" or "parent" in term)
    }
    assert terms - used == set()


def test_every_kind_of_schedule_and_every_statutory_option_is_used() -> None:
    kinds = {schedule["kind"] for s in SERVICES for schedule in s["public"]["schedules"]}
    assert kinds == set(ScheduleKind.values)
    internal = [s["internal"] for s in SERVICES]
    chosen = {("obligation", i["obligation"]) for i in internal} | {
        ("statement", i["statement"]) for i in internal
    }
    chosen |= {("benefit", key) for i in internal for key in i["benefits"]}
    assert {(o["kind"], o["key"]) for o in CONTENT["statutory_options"]} <= chosen
    assert {kind for kind, _key in chosen} == set(StatutoryOption.Kind.values)


@pytest.mark.parametrize("service", SERVICES, ids=[s["id"] for s in SERVICES])
def test_each_service_reads_well(service: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
    texts = service["public"]["texts"]["fi"]
    words = sum(len(plain(text).split()) for text in texts.values())
    assert words >= 80, "too thin to be worth reading"
    everything = " ".join(plain(text) for text in texts.values())
    assert not re.search(r"\b(toimenpi|mahdollist|suoritt(aa|ava)|lorem)", everything.lower())
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n", everything) if s]
    assert sum(len(s.split()) for s in sentences) / len(sentences) <= 13, "sentences are too long"


def test_the_demo_has_a_person_for_each_role_who_can_sign_in(manual: None) -> None:
    assert {role for person in PEOPLE for role in person.roles} == set(Role)
    for person in PEOPLE:
        user = User.objects.get(email=person.email)
        assert user.check_password(loading.PASSWORD)
        held = set(user.memberships.values_list("role", "organisation__external_id"))
        assert held == {(role, person.organisation) for role in person.roles}
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_demos_staffing_lacks_one_thing_at_two_organisations(manual: None) -> None:
    posts = staffing_of(Organisation.objects.all(), terms_on(clock.today()))
    lacking = {number: sum(post.missing for post in own) for number, own in posts.items()}
    by_name = {o.external_id: lacking[o.pk] for o in Organisation.objects.all() if lacking[o.pk]}
    assert by_name == {"kerava": 1, "velkakompassi": 1}


def test_each_published_service_of_the_demo_has_a_working_pair_but_two_findings(manual: None) -> None:
    published = Service.objects.filter(status=Service.Status.PUBLISHED)
    broken = {
        service.external_id
        for service in published
        for half in Updater.Half
        if (row := pairs.current(service, half)) is None or not pairs.can_be(row.user, row.organisation)
    }
    assert broken == {"vantaa-kotoutuminen", "helsinki-ulkomailta"}


def test_the_demos_pipeline_lives(manual: None) -> None:
    states = Counter(Run.objects.values_list("state", flat=True))
    assert set(states) == set(RunState), "a run in every state"
    assert set(Pause.objects.filter(until=None).values_list("reason", flat=True)) == set(Pause.Reason)
    assert Run.objects.filter(kind=Run.Kind.NEW).exists()
    assert Run.objects.filter(longer=True).exists()
    assert Run.objects.filter(overdue_from__isnull=False).exists()
    today = clock.today()
    soon = today + datetime.timedelta(days=3)
    assert Run.objects.filter(state__in=OPEN, due_on__gte=today, due_on__lte=soon).exists()
    assert HolidaySeason.objects.filter(first_day__gt=today).exists()


@pytest.mark.parametrize("person", [p.email for p in PEOPLE if desk_of(p)])
def test_whoever_signs_in_to_the_demo_lands_on_a_desk_with_something_to_do(manual: None, person: str) -> None:
    user = User.objects.get(email=person)
    assert waiting.tasks_of(user) or waiting.pauses_to_decide(user)


def test_the_sign_ins_are_printed_as_a_table(manual: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_sign_ins")
    printed = capsys.readouterr().out
    assert all(person.email in printed for person in PEOPLE)
    assert loading.PASSWORD in printed


def test_the_content_is_loaded_once(manual: None, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    before = Service.objects.count()
    call_command("load_demo")
    assert Service.objects.count() == before == len(SERVICES) + 1, "and one that a story makes"
    assert Organisation.objects.filter(kind="partner").count() == len(PARTNERS)


def test_the_demo_is_refused_where_it_is_not_meant_to_be(db: None, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("load_demo")
    assert not User.objects.exists()
