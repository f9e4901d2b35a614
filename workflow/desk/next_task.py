"""The way from what was just done to what waits for the person next."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from orgs.models import User
from workflow import waiting
from workflow.desk.common import shown_name
from workflow.desk.sections import address_of
from workflow.models import Run


def with_next(done: str, user: User, run: Run) -> str:
    """Return what was done, with the way to the person's next task where the run waits for others now."""
    tasks = [number for number, _urgency in waiting.tasks_of(user)]
    if not tasks or run.pk in tasks:
        return done
    following = Run.objects.select_related("service", "municipality").get(pk=tasks[0])
    address, name = address_of(following), shown_name(following.service)
    return format_html('{} {} <a href="{}">{}</a>', done, _("Waits for you next:"), address, name)
