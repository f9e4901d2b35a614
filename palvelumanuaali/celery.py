"""The task queue. Tasks live in each app's `tasks.py`; when they run is said here."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")

app = Celery("palvelumanuaali")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _read_the_dictionary(**_more: Any) -> None:
    """Read the Finnish dictionary before the worker divides itself, so that it is there once."""
    from services.texts import finnish  # needs Django to be set up

    finnish.word("sana")


app.conf.beat_schedule = {
    # Another attempt at what could not be sent, and what a lost broker left behind.
    "deliver-due-notices": {"task": "orgs.tasks.deliver_due", "schedule": 60.0},
    # Overdue runs, reminders, publications at a set time, accounts: everything that falls due by itself.
    "sweep": {"task": "workflow.tasks.sweep_all", "schedule": crontab(minute="10")},
    "forget-old-log": {"task": "orgs.tasks.forget_old_log", "schedule": crontab(hour="3", minute="40")},
    "follow-responsibility": {
        "task": "services.tasks.follow_responsibility",
        "schedule": crontab(hour="0", minute="5"),
    },
    "fold-rare-searches": {
        "task": "services.tasks.fold_rare_searches",
        "schedule": crontab(hour="3", minute="55"),
    },
    "clear-away": {"task": "services.tasks.clear_away", "schedule": crontab(hour="3", minute="50")},
    # A safety net: what a lost broker left undone is made right by the next morning.
    "rebuild-read-model": {
        "task": "services.tasks.rebuild_read_model",
        "schedule": crontab(hour="4", minute="10"),
    },
}
