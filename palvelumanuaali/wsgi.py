"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palvelumanuaali.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  needs Django to be set up

from palvelumanuaali.entrance import Entrance, FewThreads  # noqa: E402
from services.answers.serving import layered  # noqa: E402

_layer = layered(FewThreads(_django))
application = Entrance(_layer, hit=getattr(_layer, "hit", None), largest_body=settings.LARGEST_BODY)
# What is loaded by now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()
