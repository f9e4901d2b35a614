"""The partner's answer in a case, with evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs import clock
from orgs.access import NotAllowed
from orgs.models import User
from orgs.roles import Capability
from sanctions import access, telling
from sanctions.models import Answer, Case
from services import attachments, files

MAX_SIZE = 10 * 1024 * 1024  # bytes
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Evidence:
    """A file as it was given: its name and its content."""

    name: str
    content: bytes


@transaction.atomic
def answer(case: Case, *, by: User, text: str, evidence: Evidence | None = None) -> Answer:
    """Write the partner's answer into the case; the project manager is told.

    Raises PermissionDenied for all but the partner's main users and seats, ValidationError where there
    is no text or the file is too large or not what its name says.
    """
    if not access.may_answer(by, case):
        raise NotAllowed(Capability.ANSWER_CASES)
    if not text.strip():
        raise ValidationError({"text": _("Write your answer.")})
    digest = _kept(evidence) if evidence else ""
    made = Answer(
        case=case, by=by, at=clock.now(), text=text.strip(), sha256=digest,
        file_name=evidence.name[-_LONGEST_NAME:] if evidence else "",
    )  # fmt: skip
    made.full_clean()
    made.save()
    telling.answered(made)
    return made


def named() -> Iterator[files.Named]:
    """Tell every file that an answer names."""
    for one in Answer.objects.exclude(sha256="").order_by("pk"):
        yield files.Named(one.sha256, None, f"{one.case_id}: {one.file_name}")


def _kept(evidence: Evidence) -> str:
    if len(evidence.content) > MAX_SIZE:
        raise ValidationError({"file": _("The file is too large: at most 10 MB.")})
    if not attachments.begins_as_named(evidence.name, evidence.content[: attachments.BEGINNING]):
        raise ValidationError({"file": _("Give a PDF, a Word, Excel or PowerPoint file, or a picture.")})
    try:
        return files.store(BytesIO(evidence.content))[0]
    except files.NotKept as error:
        message = _(
            "The file could not be kept just now. Answer without it, and send it in another answer later."
        )
        raise ValidationError({"file": message}) from error
