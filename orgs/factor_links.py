"""The secret part of the link that takes a lost second factor off.

Nothing that opens anything is stored: the link is signed, and names the state of the person's
factors. It works for a day, once, and no more as soon as a factor is used or changed.
"""

import datetime
import hashlib

from allauth.mfa.models import Authenticator
from django.core import signing

from orgs.models import User

VALID_FOR = datetime.timedelta(days=1)
_signer = signing.TimestampSigner(salt="orgs.factor_reset", sep=".")


def token(user: User) -> str:
    """Return the part of the address that takes the person's second factor off."""
    return _signer.sign(f"{user.pk}-{_state(user)}")


def opened(text: str) -> User | None:
    """Return whose second factor a link takes off; None for one that opens nothing (any more)."""
    try:
        number, _dash, state = _signer.unsign(text, max_age=VALID_FOR).partition("-")
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=int(number), is_active=True).first()
    return user if user is not None and state == _state(user) else None


def _state(user: User) -> str:
    """Return a digest of the person's factors that changes whenever one is used, added or taken off."""
    rows = Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", "last_used_at")
    return hashlib.sha256(repr([(pk, used and used.isoformat()) for pk, used in rows]).encode()).hexdigest()
