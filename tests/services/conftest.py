"""What tests of this room share."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from tests.services.wsgi import Application


@pytest.fixture
def django() -> Iterator[Application]:
    """Return Django as a server sees it; it keeps the test's connection, as the test client has it do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
