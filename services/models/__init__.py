"""Content as it is worked on, and as it was published."""

from services.models.delegation import ServiceUserObjectPermission
from services.models.parts import (
    Attachment,
    Contact,
    Link,
    Place,
    Schedule,
    ScheduleDate,
    ServiceLanguage,
)
from services.models.published import PublishedService, ServiceVersion
from services.models.service import Service
from services.models.texts import InstructionText, MunicipalInstruction, ServiceText
from services.models.vocabulary import StatutoryOption, StatutoryWording, Term

__all__ = [
    "Attachment",
    "Contact",
    "InstructionText",
    "Link",
    "MunicipalInstruction",
    "Place",
    "PublishedService",
    "Schedule",
    "ScheduleDate",
    "Service",
    "ServiceLanguage",
    "ServiceText",
    "ServiceUserObjectPermission",
    "ServiceVersion",
    "StatutoryOption",
    "StatutoryWording",
    "Term",
]
