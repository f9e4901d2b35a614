"""Work of this room that does not wait for a reader."""

from celery import shared_task

from orgs import jobs
from workflow import sweep


@shared_task
def sweep_all() -> None:
    """Do everything that is due."""
    with jobs.running("sweep"):
        sweep.sweep()
