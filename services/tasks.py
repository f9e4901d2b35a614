"""Work of this room that does not wait for a reader."""

import datetime

from celery import shared_task

from orgs import clock, jobs
from services import attachment_texts, files, noted_changes, public_changes, publishing, responsibility
from services.answers import figures as figures_of_answers
from services.models import KeptAnswer, ServiceVersion
from services.search import figures

_STRAYS_STAY = datetime.timedelta(days=7)


@shared_task
def rebuild_read_model() -> None:
    """Make the read model follow the versions, their files and the words; changes nothing that is right."""
    with jobs.running("read_model"):
        attachment_texts.read_all()
        publishing.rebuild()


@shared_task
def follow_responsibility() -> None:
    """Let services follow the responsibilities that take effect today."""
    with jobs.running("responsibility"):
        responsibility.follow()


@shared_task
def clear_away() -> None:
    """Clear away what no process asks for any more: changes that all have followed, answers of days past."""
    with jobs.running("clearing"):
        noted_changes.clear()
        public_changes.clear()
        figures_of_answers.clear_ended()
        KeptAnswer.objects.filter(day__lt=clock.today()).delete()


@shared_task
def look_at_files() -> None:
    """Note files that are lost or cut off, and delete those that a refused form left a week ago."""
    with jobs.running("files"):
        for wrong in files.findings(thorough=False):
            if wrong.fault is not files.Fault.STRAY:
                jobs.note("files", wrong.where, wrong.fault.value)
        files.clear_strays(clock.now() - _STRAYS_STAY)


@shared_task
def fold_rare_searches() -> None:
    """Forget the texts of rare searches once their week is over."""
    with jobs.running("rare_searches"):
        figures.fold_rare(clock.today())


@shared_task
def read_attachments(version: int) -> None:
    """Read the files of a published version, and let the search know of them."""
    found = ServiceVersion.objects.select_related("service__responsible_partner").get(pk=version)
    if attachment_texts.read_missing(found) and found.number == found.service.version_number:
        publishing.refresh_services([found.service_id])


@shared_task
def refresh_pages(services: list[int]) -> None:
    """Let the pages of services, by their numbers, follow what belongs to them beside their versions."""
    publishing.refresh_services(services)
