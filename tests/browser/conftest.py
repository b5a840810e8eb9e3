"""A real browser for pages served on this machine; nothing else is reachable from a page."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.panels import build, wait

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _find_chromium():
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail(
            f"The browser tests need Chromium, and {named or ', '.join(NAMES)} is not on the "
            "PATH. Install it ('apt-get install chromium', 'brew install chromium'), or set "
            "CHROMIUM to the path of Chromium or Chrome.",
            pytrace=False,
        )
    return found


@contextlib.contextmanager
def chromium():
    """Start Chromium, headless; yield Playwright's browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    with chromium() as started:
        yield started


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder, handler=_Quiet):
    """Serve a folder on this machine; yield its address."""
    handler = functools.partial(handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def serve():
    """A function that serves a folder until the tests end, and returns its address."""
    with contextlib.ExitStack() as open_servers:
        yield lambda folder: open_servers.enter_context(served(folder))


@pytest.fixture(scope="session")
def panels(tmp_path_factory, serve):
    """The folder of a built page with every panel, and its address."""
    folder = build(tmp_path_factory.mktemp("panels"))
    return SimpleNamespace(folder=folder, url=serve(folder))


@pytest.fixture(scope="module")
def opened(panels, browser):
    """That page, opened once for the tests of a module that move controls."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{panels.url}/index.html")
    wait(page)
    yield page
    context.close()


@pytest.fixture
def open_page(browser):
    """A function that opens an address in a fresh profile and records what goes wrong.

    ``open_page(url, **options) -> (page, problems)``: `options` are those of Playwright's
    ``Browser.new_context`` (``viewport``, ``color_scheme``, ``has_touch``); `problems` is a list
    of texts that grows as the page logs an error, throws, gets a bad answer, or asks for anything
    from another host. Such a request is stopped.
    """
    contexts = []

    def start(url, **options):
        contexts.append(browser.new_context(**options))
        page, problems = contexts[-1].new_page(), []
        origin = "/".join(url.split("/")[:3]) + "/"

        def guard(route):
            if route.request.url.startswith((origin, "data:", "blob:")):
                route.continue_()
            else:
                problems.append(f"request to another host: {route.request.url}")
                route.abort()

        def check_answer(response):
            if response.status >= 400:
                problems.append(f"{response.status}: {response.url}")

        def check_message(message):
            if message.type == "error":
                problems.append(f"console: {message.text}")

        page.route("**/*", guard)
        page.on("console", check_message)
        page.on("pageerror", lambda error: problems.append(f"thrown: {error}"))
        page.on("response", check_answer)
        page.goto(url)
        return page, problems

    yield start
    for context in contexts:
        context.close()
