"""Which release of the system makes the pages, told by what it consists of."""

import hashlib
import importlib.metadata
from pathlib import Path

from django.conf import settings

_KINDS = ("*.py", "*.html", "*.txt", "*.css", "*.js", "*.svg", "*.mo", "*.json")
_FOLDERS = ("locale", "orgs", "palvelumanuaali", "sanctions", "services", "static", "templates", "workflow")


def release() -> str:
    """Return a name for our own files, the installed packages and the plain settings together.

    A page that one release made is not shown by another: the words around the content may differ.
    """
    digest = hashlib.blake2b(digest_size=9)
    for folder in _FOLDERS:
        root = Path(settings.BASE_DIR) / folder
        for path in sorted(path for kind in _KINDS for path in root.rglob(kind)):
            digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode())
            digest.update(path.read_bytes())
    packages = sorted(f"{one.name} {one.version}" for one in importlib.metadata.distributions())
    plain = {
        name: value
        for name in dir(settings)
        if name.isupper() and isinstance(value := getattr(settings, name), str | int | float | None)
    }
    digest.update(f"{packages}{sorted(plain.items(), key=str)}".encode())
    return digest.hexdigest()
