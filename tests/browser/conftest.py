"""A real browser in front of the demo content."""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests import databases

Ask = Callable[[Callable[[], Any]], Any]
# Playwright keeps an event loop running in the tests' thread; Django must not take it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the system's Chromium; skip where there is none, but never in continuous integration."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        reason = "Chromium is not installed: the pages are not tried in a browser."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def served_database(manual_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Copy the demo content, so that what is clicked here changes nothing for other tests."""
    with django_db_blocker.unblock(), databases.copied(manual_database, "served") as name:
        yield name


@pytest.fixture(scope="session")
def manual_server(served_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Serve the demo content and return the server's address.

    Each answer is made in a thread of its own, whose connection must be led to the demo's database:
    the settings that threads share name the tests' own.
    """

    class Handler(StaticFilesHandler):
        def __call__(self, environ: Any, start_response: Any) -> Any:
            connection = connections["default"]
            connection.settings_dict = connection.settings_dict | {"NAME": served_database}
            return super().__call__(environ, start_response)

    thread = LiveServerThread("127.0.0.1", Handler)
    thread.server_class = ThreadedWSGIServer
    thread.daemon = True
    with django_db_blocker.unblock():
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()


@pytest.fixture(scope="module")
def browser(chromium: str, manual_server: str) -> Iterator[Browser]:
    """Start the browser once the server is there, and end it before tests of other kinds go on.

    While Playwright's event loop runs, Django keeps other connections than before: those must be
    closed before the loop ends, or the test databases can't be dropped.
    """
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield started
        started.close()
        connections.close_all()


@pytest.fixture
def new_page(browser: Browser, manual_server: str) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages in contexts of their own; whatever a page complains about fails the test.

    `statuses` are those of errors that the test asks for.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, statuses: Collection[int] = (), **options: Any) -> Page:
        # A form sent back with its mistakes marked answers 422, which the browser reports as an error.
        expected = [f"status of {status}" for status in (422, *statuses)]

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(one in message.text for one in expected):
                complaints.append(message.text)

        # Without motion, so that nothing is measured halfway between two colours.
        options = {"base_url": manual_server, "reduced_motion": "reduce"} | options
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A wide page."""
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture
def ask(served_database: str) -> Ask:
    """Ask the server's own database something, in a thread with a connection of its own."""

    def asking(question: Callable[[], Any]) -> Any:
        connection = connections["default"]
        connection.settings_dict = connection.settings_dict | {"NAME": served_database}
        try:
            return question()
        finally:
            connection.close()

    def in_a_thread(question: Callable[[], Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asking, question).result()

    return in_a_thread
