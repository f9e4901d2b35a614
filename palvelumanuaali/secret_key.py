"""What may not be served to others: a secret key that everyone knows, the demo, Django's debug mode."""

from django.core.exceptions import ImproperlyConfigured

# What docker-compose.yml falls back to.
KNOWN = "known-to-all-so-for-this-machine-only"
_SHORTEST = 32  # characters, for a place that others can reach


def refuse_demo_in_earnest(*, https: bool, demo: bool, debug: bool) -> None:
    """Raise ImproperlyConfigured where the demo or the debug mode would be served over https.

    The demo writes sign-in codes on its pages, and the debug mode the settings on those of errors.
    """
    for name, on in (("DEMO", demo), ("DEBUG", debug)):
        if https and on:
            raise ImproperlyConfigured(
                f"{name}=true is for one's own machine: a place served over https (BASE_URL) can't have it."
            )


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
