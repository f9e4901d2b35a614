"""What is read of the publications of the last weeks, from runs that went through the pipeline."""

import pytest

from orgs.models import Organisation
from sanctions import punctuality
from sanctions.punctuality import Publication
from tests.sanctions.conftest import D, Office, on
from tests.workflow.conftest import Pipeline
from workflow.actions import pauses, runs
from workflow.models import HolidaySeason, Pause
from workflow.sweep import sweep

pytestmark = pytest.mark.django_db


def read(since: str = "2026-08-01") -> list[Publication]:
    return punctuality.publications(Organisation.objects.filter(external_id="espoo"), D(since))


def ran(pipeline: Pipeline, submitted: str, published: str, hour: int = 9) -> None:
    with on(submitted):
        run = pipeline.write(f"Ryhmä {pipeline.revision} alkaa.")
        runs.submit(run, by=pipeline.provider)
    with on(published, hour):
        sweep()
        pipeline.publish()


def test_publications_are_counted_in_days_of_helsinki_and_by_how_they_were(office: Office) -> None:
    ran(office.pipeline, "2026-10-01", "2026-10-08", 1)  # the target is the 7th day
    ran(office.pipeline, "2026-10-12", "2026-10-20")
    ran(office.pipeline, "2026-10-21", "2026-11-05")  # due on 4 November
    assert read() == [
        Publication(D("2026-10-08"), 7, "ok"),
        Publication(D("2026-10-20"), 8, "mid"),
        Publication(D("2026-11-05"), 15, "late"),
    ]
    assert read("2026-10-20") == read()[1:]


def test_days_on_which_the_clock_stood_still_are_not_counted(office: Office) -> None:
    with on("2026-11-02"):
        run = office.pipeline.submit()
    with on("2026-11-04"):
        pause = pauses.pause(run, by=office.pipeline.partner, reason=Pause.Reason.LEGAL, text="Juristi.")
    with on("2026-11-09"):
        pauses.resume(pause, by=office.pipeline.partner)
    with on("2026-11-12"):
        office.pipeline.publish()
    ran(office.pipeline, "2026-11-13", "2026-11-16")
    assert [one.days for one in read()] == [5, 3]
    Pause.objects.update(accepted=False)
    assert [one.days for one in read()] == [10, 3]
    HolidaySeason.objects.create(first_day=D("2026-11-14"), last_day=D("2026-11-15"))
    assert [one.days for one in read()] == [10, 1]


def test_publications_that_are_alike_are_each_counted(office: Office) -> None:
    for _time in range(3):
        ran(office.pipeline, "2026-11-02", "2026-11-04")
    assert read() == [Publication(D("2026-11-04"), 2, "ok")] * 3
