"""Holiday seasons: looked at before they are set, mended with a reason when they are over."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs.models import Notice, User
from tests import factories
from tests.clients import Client
from tests.workflow.conftest import Pipeline, at, on
from workflow import season_effects
from workflow.actions import reviewing, seasons
from workflow.models import Event, HolidaySeason, Run
from workflow.sweep import sweep

D = datetime.date
LIST = "desk:seasons"


@pytest.fixture
def run(pipeline: Pipeline) -> Run:
    """Submitted on Monday 2 November, due on Monday 16."""
    with on("2026-11-02"):
        return pipeline.submit()


@pytest.fixture
def manager(pipeline: Pipeline) -> User:
    factories.OrganisationFactory(external_id="projekti", kind="project")
    return at("projekti", "project_manager")


@pytest.fixture
def page(manager: User, client: Client) -> Client:
    client.force_login(manager)
    return client


def days(first: str, last: str, reason: str = "") -> dict[str, str]:
    return {"first_day": first, "last_day": last, "reason": reason}


def seen(answer: Any) -> dict[str, str]:
    """Return what the page sends back with its second button."""
    return {"seen": answer.context["seen"]}


def set_it(page: Client, wanted: dict[str, str], number: int | None = None) -> Any:
    """Look at what a season moves, then set it."""
    address = reverse("desk:season", args=[number]) if number else reverse(LIST)
    return page.post(address, wanted | seen(page.post(address, wanted)), follow=True)


def dates(run: Run) -> tuple[D | None, D | None]:
    run.refresh_from_db()
    return run.target_on, run.due_on


def season(first: D, last: D) -> HolidaySeason:
    return HolidaySeason(first_day=first, last_day=last)


class TestSetting:
    def test_it_moves_every_clock_and_providers_are_told(
        self, pipeline: Pipeline, run: Run, manager: User
    ) -> None:
        with on("2026-11-03"):
            made = seasons.save(season(D(2026, 11, 5), D(2026, 11, 8)), by=manager)
        assert dates(run) == (D(2026, 11, 13), D(2026, 11, 20))
        assert Notice.objects.filter(kind="season_set", recipient=pipeline.provider).count() == 1
        assert not Notice.objects.filter(kind="season_set", recipient=pipeline.partner).exists()
        made.last_day = D(2026, 11, 6)
        with on("2026-11-03"):
            seasons.save(made, by=manager)
            assert dates(run) == (D(2026, 11, 11), D(2026, 11, 18))
            seasons.remove(made, by=manager)
        assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
        assert Notice.objects.filter(kind="season_removed", recipient=pipeline.provider).count() == 1

    def test_only_the_project_manager_sets_one(self, pipeline: Pipeline) -> None:
        with pytest.raises(PermissionDenied):
            seasons.save(season(D(2026, 12, 23), D(2027, 1, 6)), by=pipeline.partner)

    def test_what_it_moves_is_seen_before_it_is_set(self, run: Run, page: Client) -> None:
        wanted = days("2026-11-05", "2026-11-08")
        with on("2026-11-03"):
            looked = page.post(reverse(LIST), wanted)
            assert [(one.was, one.becomes) for one, _name in looked.context["moved"]] == [
                (D(2026, 11, 16), D(2026, 11, 20))
            ]
            assert "Kielikahvila" in looked.content.decode()
            assert not HolidaySeason.objects.exists()
            assert dates(run) == (D(2026, 11, 9), D(2026, 11, 16))
            answer = page.post(reverse(LIST), wanted | seen(looked), follow=True)
        assert "Lomakausi asetettiin" in answer.content.decode()
        assert dates(run) == (D(2026, 11, 13), D(2026, 11, 20))

    def test_other_days_than_were_looked_at_are_shown_first(self, page: Client) -> None:
        with on("2026-11-03"):
            looked = page.post(reverse(LIST), days("2026-11-05", "2026-11-08"))
            again = page.post(reverse(LIST), days("2026-11-05", "2026-12-08") | seen(looked))
        assert again.context["seen"] == "2026-11-05 2026-12-08"
        assert not HolidaySeason.objects.exists()

    def test_one_is_moved_and_removed_on_its_page(self, run: Run, pipeline: Pipeline, page: Client) -> None:
        with on("2026-11-03"):
            set_it(page, days("2026-11-05", "2026-11-08"))
            made = HolidaySeason.objects.get()
            set_it(page, days("2026-11-05", "2026-11-06"), made.pk)
            assert dates(run)[1] == D(2026, 11, 18)
            shown = page.get(reverse("desk:season", args=[made.pk])).content.decode()
            assert "Poista lomakausi" in shown
            page.post(reverse("desk:season", args=[made.pk]), {"remove": ""})
        assert dates(run)[1] == D(2026, 11, 16)
        assert not HolidaySeason.objects.exists()

    def test_one_that_has_begun_is_shortened_instead(self, page: Client, manager: User) -> None:
        with on("2026-11-03"):
            made = seasons.save(season(D(2026, 11, 3), D(2026, 11, 8)), by=manager)
            address = reverse("desk:season", args=[made.pk])
            assert "Poista lomakausi" not in page.get(address).content.decode()
            answer = page.post(address, {"remove": ""}, follow=True)
        assert "alkanut" in answer.content.decode()
        assert HolidaySeason.objects.exists()

    @pytest.mark.parametrize(("first", "last"), [("2026-12-24", "2026-12-20"), ("2026-11-07", "2026-11-09")])
    def test_wrong_days_are_refused_before_they_are_looked_at(
        self, page: Client, manager: User, first: str, last: str
    ) -> None:
        with on("2026-11-03"):
            seasons.save(season(D(2026, 11, 5), D(2026, 11, 8)), by=manager)
            answer = page.post(reverse(LIST), days(first, last))
        assert answer.status_code == 422
        assert "seen" not in answer.context

    def test_the_page_says_when_providers_were_told_and_what_was_changed(
        self, page: Client, manager: User
    ) -> None:
        with on("2026-11-03"):
            set_it(page, days("2026-11-05", "2026-11-08"))
            shown = page.get(reverse(LIST)).content.decode()
        assert "Tuottajille kerrottiin 3.11.2026" in shown
        changed = shown.partition("Mitä on muutettu")[2]
        assert manager.get_full_name() in changed


class TestOnesThatAreOver:
    @pytest.fixture
    def late(self, pipeline: Pipeline, run: Run) -> Run:
        """Return the run as it was published on the 19th: late from the 17th."""
        with on("2026-11-17"):
            sweep()
        with on("2026-11-19"):
            pipeline.confirm()
            reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision)
        run.refresh_from_db()
        assert run.overdue_from == D(2026, 11, 17)
        return run

    def test_they_are_mended_with_a_reason_that_is_kept(
        self, late: Run, manager: User, client: Client
    ) -> None:
        with on("2026-12-01"):
            client.force_login(manager)
            refused = client.post(reverse(LIST), days("2026-11-09", "2026-11-12"))
            assert refused.status_code == 422
            assert "Kirjoita, miksi" in refused.content.decode()
            wanted = days("2026-11-09", "2026-11-12", "Syysloma jäi kirjaamatta.")
            looked = client.post(reverse(LIST), wanted)
            assert [one.undone for one, _name in looked.context["moved"]] == [True]
            answer = client.post(reverse(LIST), wanted | seen(looked), follow=True)
        assert "Syysloma jäi kirjaamatta." in answer.content.decode()
        late.refresh_from_db()
        assert (late.due_on, late.overdue_from) == (D(2026, 11, 20), None)
        assert Event.objects.filter(run=late, kind="overdue_undone").count() == 1
        assert not Notice.objects.filter(kind="season_set").exists(), "nobody waits any more"

    def test_what_stays_late_keeps_its_date(self, late: Run, manager: User) -> None:
        with on("2026-12-01"):
            assert season_effects.moved(None, season(D(2026, 11, 9), D(2026, 11, 10))) == []
            seasons.save(season(D(2026, 11, 9), D(2026, 11, 10)), by=manager, reason="Kaksi päivää.")
        late.refresh_from_db()
        assert (late.due_on, late.overdue_from) == (D(2026, 11, 16), D(2026, 11, 17))

    def test_who_published_in_time_is_never_late_afterwards(
        self, pipeline: Pipeline, run: Run, manager: User
    ) -> None:
        with on("2026-11-03"):
            made = seasons.save(season(D(2026, 11, 5), D(2026, 11, 8)), by=manager)
        with on("2026-11-19"):
            pipeline.confirm()
            reviewing.publish(run, by=pipeline.partner, revision=pipeline.revision)
        made.last_day = D(2026, 11, 5)
        with on("2026-12-01"):
            with pytest.raises(ValidationError):
                seasons.save(made, by=manager)
            seasons.save(made, by=manager, reason="Loma oli lyhyempi.")
            sweep()
        run.refresh_from_db()
        assert (run.due_on, run.overdue_from) == (D(2026, 11, 20), None)


DAYS = st.dates(D(2026, 11, 1), D(2026, 11, 12))
SEASONS = st.none() | st.tuples(DAYS, DAYS).map(lambda pair: season(min(pair), max(pair)))


@given(before=SEASONS, after=SEASONS, today=DAYS)
def test_a_reason_is_asked_for_exactly_where_a_day_that_is_over_changes(
    before: HolidaySeason | None, after: HolidaySeason | None, today: D
) -> None:
    every = [D(2026, 11, number) for number in range(1, 13)]
    stood, stands = ({day for day in every if one and one.covers(day)} for one in (before, after))
    changed = any(day < today for day in stood ^ stands)
    assert season_effects.changes_past(before, after, today) is changed
