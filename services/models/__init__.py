"""Content as it is worked on, and as it was published."""

from services.models.attachment import Attachment
from services.models.attachment_text import AttachmentText
from services.models.delegation import ServiceUserObjectPermission
from services.models.kept import AnswerFigures, KeptAnswer
from services.models.place import Place
from services.models.published import (
    PublishedChange,
    PublishedService,
    SearchedInstruction,
    ServiceVersion,
)
from services.models.responsibility import Responsibility, partner_on, responsible_on
from services.models.search_figure import SearchFigure
from services.models.service import Service
from services.models.service_change import ServiceChange
from services.models.synonyms import SynonymGroup
from services.models.transfer import Transfer
from services.models.vocabulary import StatutoryOption, StatutoryWording, Term
from services.models.working_copy import WorkingCopy

__all__ = [
    "AnswerFigures",
    "Attachment",
    "AttachmentText",
    "KeptAnswer",
    "Place",
    "PublishedChange",
    "PublishedService",
    "Responsibility",
    "SearchFigure",
    "SearchedInstruction",
    "Service",
    "ServiceChange",
    "ServiceUserObjectPermission",
    "ServiceVersion",
    "StatutoryOption",
    "StatutoryWording",
    "SynonymGroup",
    "Term",
    "Transfer",
    "WorkingCopy",
    "partner_on",
    "responsible_on",
]
