"""What is still missing in a service, in words, with the way to the box in which it is written."""

from dataclasses import dataclass

from orgs.localised import SOURCE_LANGUAGE
from services.completeness import Missing
from services.fields import Stage
from services.models import Service
from workflow.desk.section_form import name_of
from workflow.desk.sections import section_address, section_of


@dataclass(frozen=True)
class Lack:
    """A value that is still missing, in words, with the address of its box."""

    label: str
    url: str
    stage: Stage


def lack_of(service: Service, one: Missing) -> Lack:
    """Return something that is missing in words, with the address of its box."""
    address = section_address(
        service, section_of(one.field), one.language or SOURCE_LANGUAGE, f"f-{name_of(one.field)}"
    )
    return Lack(one.named, address, one.field.required or Stage.PUBLICATION)
