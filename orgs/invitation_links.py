"""The secret part of an invitation's link.

Nothing that opens an invitation is stored: the link is signed from its number and round, so a copy
of the database opens nothing, and a renewal makes every older link useless.
"""

from typing import NamedTuple

from django.core import signing

from orgs.models import Invitation

_signer = signing.Signer(salt="orgs.invitation")


class Opened(NamedTuple):
    """What a link says: which invitation, and which of its rounds."""

    number: int
    round: int


def token(invitation: Invitation) -> str:
    """Return the part of the address that opens `invitation` in its present round."""
    return _signer.sign(f"{invitation.pk}-{invitation.round}").replace(":", "-", 1)


def opened(text: str) -> Opened | None:
    """Return what a link says; None for one that we did not sign."""
    number, _dash, rest = text.partition("-")
    round_, _dash, signature = rest.partition("-")
    try:
        value = _signer.unsign(f"{number}-{round_}:{signature}")
        own_number, own_round = value.split("-")
        return Opened(int(own_number), int(own_round))
    except (signing.BadSignature, ValueError):
        return None
