"""How easily a password is guessed, and by what: an estimate that knows our languages and our names."""

from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from orgs import clock
from orgs.models import User
from orgs.models.dated import in_force

_WORDS = Path(__file__).parent / "data" / "password_words.txt"
_LONGEST = 72  # characters that are looked at; the estimate takes ever longer beyond
_ENOUGH = 3  # of 4: some ten thousand million guesses


@cache
def _common_words() -> tuple[str, ...]:
    """Return the Finnish and Swedish words that passwords are often made of, the commonest first."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def _own_words(user: User | None) -> list[str]:
    """Return what others know of a person: name, address, organisations, and this service."""
    texts = ["palvelumanuaali", "palvelu manuaali", "servicemanualen"]
    if user is not None:
        texts += [user.full_name, user.email.replace("@", " ").replace(".", " "), user.email]
        texts += getattr(user, "organisation_names", ())
    if user is not None and user.pk:
        memberships = user.memberships.filter(in_force(clock.today())).select_related("organisation")
        texts += [name for one in memberships for name in one.organisation.name.values()]
    words = [
        word.lower()
        for text in texts
        for word in (text, text.replace(" ", ""), *text.replace("-", " ").split())
    ]
    return [word for word in dict.fromkeys(words) if len(word) > 2]


class GuessedQuicklyValidator:
    """Refuses a password that is guessed quickly and says what it is built on."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where the estimate is below three of four."""
        own = _own_words(user if isinstance(user, User) else None)
        found = zxcvbn(password[:_LONGEST], user_inputs=[*own, *_common_words()])
        if found["score"] >= _ENOUGH:
            return
        reasons = {_reason(part, own) for part in found["sequence"]} - {""}
        raise ValidationError(
            _("This password is guessed quickly: it is built on %(what)s. Put four unrelated words in a row.")
            % {"what": ", ".join(sorted(reasons)) or _("too few signs")},
            code="password_guessed_quickly",
        )

    def get_help_text(self) -> str:
        """Return what to do."""
        return _("Several unrelated words in a row are easy to remember and hard to guess.")


def _reason(part: dict[str, Any], own: list[str]) -> str:
    if part["pattern"] == "dictionary":
        known = part["matched_word"] in own
        return _("your name, organisation or this service") if known else _("a common word or name")
    return {
        "repeat": _("the same signs again and again"),
        "sequence": _("signs that follow each other, like 1234"),
        "spatial": _("keys beside each other"),
        "date": _("a date"),
        "regex": _("a year"),
    }.get(part["pattern"], "")
