"""The secret key: what everyone knows protects nothing."""

from django.core.exceptions import ImproperlyConfigured

# What docker-compose.yml falls back to.
KNOWN = "known-to-all-so-for-this-machine-only"
_SHORTEST = 32  # characters, for a place that others can reach


def refuse_known_key(key: str, *, https: bool, demo: bool) -> None:
    """Raise ImproperlyConfigured for a key that would let anyone sign sessions and invitations.

    The known one serves the demo on one's own machine, over plain http, and nothing else.
    """
    if key == KNOWN and (https or not demo):
        raise ImproperlyConfigured(
            "SECRET_KEY is the one in docker-compose.yml, which everyone knows. Name your own in .env: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if https and len(key) < _SHORTEST:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too short for a place served over https: name {_SHORTEST} characters or more."
        )
