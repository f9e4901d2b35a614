"""The scheduler: when a job last began is read from its row, and a clock that was wrong is not believed.

It keeps no file: whatever a wrong clock wrote there would be believed for as long as the clock was wrong.
"""

import datetime
from typing import Any

from celery import beat
from django.db import DatabaseError, connections

from orgs.models import Job


class Scheduler(beat.Scheduler):
    """Celery's own scheduler in memory, which begins where the rows say that the jobs are."""

    # Seconds: so soon it notices that the clock was set.
    max_interval = 30

    def setup_schedule(self) -> None:
        """Begin where the rows are: what was missed while no scheduler ran is done at once."""
        super().setup_schedule()
        for name, began in _last_runs().items():
            if name in self.schedule:
                self.schedule[name].last_run_at = began
        self._forget_the_future()

    def tick(self, *arguments: Any, **more: Any) -> float:
        """Run what is due; where the clock was set back, wait from now on."""
        if self._forget_the_future():
            self._heap = None  # made anew from the entries
        return float(super().tick(*arguments, **more))

    def _forget_the_future(self) -> bool:
        """Count from now for all that would have run later than now; tell whether there was any."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        return bool(ahead)


def _last_runs() -> dict[str, datetime.datetime]:
    """Return when each job last began; nothing where the database is away."""
    try:
        begun = Job.objects.exclude(started_at=None).values_list("name", "started_at")
        return {name: began for name, began in begun if began}
    except DatabaseError:
        return {}
    finally:
        connections.close_all()
