"""Runs and their pauses, updaters, edits, reviews, reminders and change requests."""

from workflow.models.absence import Absence
from workflow.models.change_request import ChangeRequest
from workflow.models.created_once import CreatedOnce
from workflow.models.event import Event
from workflow.models.freshness import Confirmation, Reminder
from workflow.models.presence import Presence
from workflow.models.review import Comment, Look, SectionConfirmation
from workflow.models.run import ExtensionNotice, HolidaySeason, Pause, Run
from workflow.models.updater import Updater

__all__ = [
    "Absence", "ChangeRequest", "Comment", "Confirmation", "CreatedOnce", "Event", "ExtensionNotice",
    "HolidaySeason", "Look", "Pause", "Presence", "Reminder", "Run", "SectionConfirmation", "Updater",
]  # fmt: skip
