"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
_django = get_wsgi_application()

from services.answers.serving import layered  # noqa: E402  needs Django to be set up

application = layered(_django)
# What is loaded by now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
