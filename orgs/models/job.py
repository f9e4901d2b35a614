"""Jobs that run by the clock: when each last did its work, and what it could not do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """The last run of a job. Written by `orgs.jobs` only, past the transactions of what the job does."""

    name = models.CharField(_("job"), max_length=40, primary_key=True)
    # Since when it is waited for: a job that never ran is late, too.
    expected_since = models.DateTimeField()
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("done"), null=True)
    # What failed in the last run, a dictionary each: the step, the thing, the error.
    failures = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
