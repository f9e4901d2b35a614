"""A letter as PDF: A4, tagged, with title and language (PDF/UA-1, which the compiler checks itself)."""

import json
from pathlib import Path

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from orgs import dates
from sanctions.models import Letter

_LAYOUT = Path(settings.BASE_DIR) / "templates" / "letters" / "letter.typ"


def pdf_of(letter: Letter) -> bytes:
    """Return the file of a letter; nothing is fetched, and no font but the compiler's own is used."""
    with translation.override(letter.language):
        said = {
            "title": letter.title,
            "language": letter.language,
            "number": letter.name,
            "on": dates.date(letter.on),
            "sender": letter.sender,
            "partner": letter.recipient,
            "signed": letter.signed,
            "blocks": letter.blocks,
            "recipients": [f"{one['name']} ({one['as']})" for one in letter.recipients],
            "words": {
                "letter": _("Letter"),
                "matter": _("Matter"),
                "fact": _("On record"),
                "decided": _("Decided by"),
                "sent": _("Sent to:"),
            },
        }
    made = typst.compile(
        str(_LAYOUT),
        format="pdf",
        sys_inputs={"letter": json.dumps(said)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(letter.at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made
