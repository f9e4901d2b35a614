"""python -m palvelumanuaali.serve --port 8000: the web server, as production and the demo run it.

Its workers are copies of one process that has read the code, the templates, the translations and the
Finnish dictionary before it divides itself: they are ready at once, and have that memory in common.
Arguments are those of granian.
"""

import gc
import os
import sys

import django
from granian.cli import cli

# In each worker. Most of them wait: for a body, for Django, for a reader (`palvelumanuaali.entrance`).
THREADS = 128
_OURS = ["palvelumanuaali.wsgi:application", "--interface", "wsgi", "--no-ws", "--workers", "2"]
_OURS += ["--blocking-threads", str(THREADS), "--blocking-threads-idle-timeout", "60"]
# Connections that wait to be taken, requests at once, and milliseconds for the head of a request.
# With HTTP/2 as well the server would wait for the first byte for ever: that is for the proxy before us.
_OURS += ["--backlog", "4096", "--backpressure", "2048", "--http1-header-read-timeout", "10000"]
_OURS += ["--http", "1"]
# A worker that is killed is replaced; the other answers meanwhile.
_OURS += ["--respawn-failed-workers", "--respawn-interval", "0.5"]


def preload() -> None:
    """Read what every worker needs and none changes. It must leave no thread and no connection behind."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
    django.setup()
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    from services.texts import finnish

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_resolver()._populate()
    templates = settings.BASE_DIR / "templates"
    for path in templates.rglob("*.html"):
        get_template(str(path.relative_to(templates)))
    finnish.word("sana")


def main() -> None:
    """Load everything, then serve until a signal asks to stop."""
    preload()
    gc.collect()
    gc.freeze()  # the collector would write to what the workers share
    cli.main([*_OURS, *sys.argv[1:]], auto_envvar_prefix="GRANIAN")


if __name__ == "__main__":
    main()
