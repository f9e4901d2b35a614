"""Work of this room that does not wait for a reader."""

from celery import shared_task

from orgs import delivery, jobs, notices, user_log


@shared_task
def deliver_due() -> None:
    """Send what is due: what waits for another attempt, and what a lost broker left behind."""
    with jobs.running("outbox"):
        delivery.deliver_round()


@shared_task
def forget_old_log() -> None:
    """Delete the entries of the user log and the notices whose time to be kept has run out."""
    with jobs.running("log"):
        user_log.forget_old()
        notices.forget_old()
