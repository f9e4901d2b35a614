"""The task queue. Tasks live in each app's `tasks.py`; when they run, and for how long, is said here."""

import os
from dataclasses import dataclass
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")

app = Celery("palvelumanuaali")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each has a worker of its own, so that neither mail nor files ever keep a sweep waiting.
QUEUES = ("mail", "sweeps", "files")
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True)
class Scheduled:
    """A task by the clock, and how many seconds it may take.

    One that has waited for `expires` seconds is dropped: the next of its kind is due by then.
    """

    task: str
    when: crontab | float
    queue: str = "sweeps"
    limit: int = _HOUR - 5 * _MINUTE
    expires: int = 20 * _HOUR

    def entry(self) -> dict[str, Any]:
        """Return it as celery's scheduler takes it."""
        options = {"queue": self.queue, "time_limit": self.limit, "expires": self.expires}
        return {"task": self.task, "schedule": self.when, "options": options}


# By the names of their rows (`orgs.jobs`).
SCHEDULE = {
    # Another attempt at what could not be sent, and what a lost broker left behind.
    "outbox": Scheduled("orgs.tasks.deliver_due", 60.0, "mail", limit=9 * _MINUTE, expires=_MINUTE),
    # Overdue runs, reminders, publications at a set time, accounts: everything that falls due by itself.
    "sweep": Scheduled("workflow.tasks.sweep_all", crontab(minute="10"), expires=_HOUR),
    "log": Scheduled("orgs.tasks.forget_old_log", crontab(hour="3", minute="40")),
    "responsibility": Scheduled("services.tasks.follow_responsibility", crontab(hour="0", minute="5")),
    "rare_searches": Scheduled("services.tasks.fold_rare_searches", crontab(hour="3", minute="55")),
    "clearing": Scheduled("services.tasks.clear_away", crontab(hour="3", minute="50")),
    "files": Scheduled("services.tasks.look_at_files", crontab(hour="2", minute="50"), "files"),
    # A safety net: what a lost broker left undone is made right by the next morning.
    "read_model": Scheduled(
        "services.tasks.rebuild_read_model", crontab(hour="4", minute="10"), "files", limit=3 * _HOUR
    ),
}
app.conf.beat_schedule = {name: scheduled.entry() for name, scheduled in SCHEDULE.items()}


@worker_init.connect
def _read_the_dictionary(**_more: Any) -> None:
    """Read the Finnish dictionary before the worker divides itself, so that it is there once."""
    from services.texts import finnish  # needs Django to be set up

    finnish.word("sana")


@worker_process_init.connect
def _hold_the_bounds_of_jobs(**_more: Any) -> None:
    """Have no job wait for ever for the database."""
    from palvelumanuaali import database_bounds  # needs Django's signals

    database_bounds.hold(database_bounds.JOB)
