"""The environment of the demo's processes."""

import os
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from palvelumanuaali.demo.folder import DemoFolder


def demo_environment(folder: DemoFolder, address: str, servers: Mapping[str, str]) -> dict[str, str]:
    """Return what the processes get: ours where the person at the terminal names nothing else."""
    ours = {
        "SECRET_KEY": folder.secret_key(),
        "DEBUG": "false",
        "DEMO": "true",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        # Four slashes: django-environ takes the first one off the path.
        "EMAIL_URL": f"filemail:///{quote(str(folder.path / 'mail'))}",
        "MEDIA_ROOT": str(folder.path / "media"),
        "STATIC_ROOT": str(folder.path / "static"),
        "BASE_URL": address.rstrip("/"),
    }
    named = {name: value for name, value in os.environ.items() if value or name not in ours}
    return {**ours, **named, **servers, "DJANGO_SETTINGS_MODULE": "palvelumanuaali.settings"}


def application_url(owners: str, password: str) -> str:
    """Return the address of the same database for the role of the running application."""
    parts = urlsplit(owners)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"application:{quote(password, safe='')}@{place}").geturl()
