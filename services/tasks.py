"""Work of this room that does not wait for a reader."""

from celery import shared_task

from orgs import clock
from services import publishing, responsibility
from services.search import figures, held


@shared_task
def rebuild_read_model() -> None:
    """Make the read model follow the versions and the words; changes nothing that is right."""
    publishing.rebuild()


@shared_task
def follow_responsibility() -> None:
    """Let services follow the responsibilities that take effect today."""
    responsibility.follow()


@shared_task
def clear_changes() -> None:
    """Clear away the changes of the read model that every process has followed by now."""
    held.clear_changes()


@shared_task
def fold_rare_searches() -> None:
    """Forget the texts of rare searches once their week is over."""
    figures.fold_rare(clock.today())
