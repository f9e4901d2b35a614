"""Employers whose OpenID Connect one can sign in with, as the environment names them.

OIDC_PROVIDERS lists short names ("espoo,vantaa"); each has OIDC_<NAME>_NAME, OIDC_<NAME>_SERVER,
OIDC_<NAME>_CLIENT_ID and OIDC_<NAME>_CLIENT_SECRET.
"""

from typing import Any

import environ


def employers_from(env: environ.Env) -> list[dict[str, Any]]:
    """Return the providers as allauth takes them; a missing variable of one named stops the start."""
    return [_employer(env, key) for key in env.list("OIDC_PROVIDERS", default=[])]


def _employer(env: environ.Env, key: str) -> dict[str, Any]:
    prefix = f"OIDC_{key.upper().replace('-', '_')}"
    return {
        "provider_id": key,
        "name": env.str(f"{prefix}_NAME"),
        "client_id": env.str(f"{prefix}_CLIENT_ID"),
        "secret": env.str(f"{prefix}_CLIENT_SECRET"),
        "settings": {
            "server_url": env.str(f"{prefix}_SERVER"),
            "oauth_pkce_enabled": True,
            # The subject alone is the link between the accounts.
            "uid_field": "sub",
        },
    }
