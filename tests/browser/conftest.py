"""A real browser for pages served on this machine; nothing else is reachable from a page."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from types import SimpleNamespace

import pytest
from filelock import FileLock
from playwright.sync_api import expect, sync_playwright

from tests.book import SITE, require_site
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
    # Letters as wide in the shell, which has no screen, as on one.
    "--font-render-hinting=none",
    # And pictures fetched no earlier: the shell doesn't know that its network is fast.
    "--blink-settings=lazyLoadingImageMarginPxUnknown=1250",
    # Nothing but this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE = 180  # seconds that anything may take on a busy machine before it counts as stuck
expect.set_options(timeout=1000 * PATIENCE)
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)


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
        started = playwright.chromium.launch(
            executable_path=_find_chromium(), args=ARGUMENTS, timeout=1000 * PATIENCE
        )
        yield started
        started.close()


def new_context(browser, **options):
    """Return a fresh profile that is patient; `options` are those of Playwright."""
    context = browser.new_context(**options)
    context.set_default_timeout(1000 * PATIENCE)
    return context


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
def address(serve):
    """The address of the built site."""
    require_site()
    return serve(SITE)


@pytest.fixture
def show(address, open_page):
    """A function that opens a notebook's page, and returns it with its problems."""
    return lambda name, **options: open_page(
        f"{address}/notebooks/{name}.html", **({"viewport": DESKTOP} | options)
    )


@pytest.fixture(scope="session")
def panels(tmp_path_factory, worker_id, serve):
    """The folder of a built page with every panel, and its address."""
    own = tmp_path_factory.getbasetemp()
    # Of the processes of one run, the first builds it for all.
    source = (own if worker_id == "master" else own.parent) / "panels"
    with FileLock(f"{source}.lock"):
        if not (source / "_build/html/index.html").exists():
            source.mkdir(exist_ok=True)
            build(source)
    return SimpleNamespace(folder=source / "_build/html", url=serve(source / "_build/html"))


@pytest.fixture(scope="module")
def opened(panels, browser):
    """That page, opened once for the tests of a module that move controls."""
    context = new_context(browser, viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{panels.url}/index.html")
    wait(page)
    yield page
    context.close()


@pytest.fixture(scope="session")
def profiles(browser):
    """A function that returns the profile with some options, the same one every time."""
    known = {}

    def profile(**options):
        name = repr(sorted(options.items()))
        if name not in known:
            known[name] = new_context(browser, **options)
        return known[name]

    yield profile
    for context in known.values():
        context.close()


@pytest.fixture
def open_page(profiles):
    """A function that opens an address and records what goes wrong.

    ``open_page(url, **options) -> (page, problems)``: `options` are those of Playwright's
    ``Browser.new_context`` (``viewport``, ``color_scheme``, ``has_touch``); `problems` is a list
    of texts that grows as the page logs an error, throws, gets a bad answer, or asks for anything
    from another host, which doesn't exist for the browser. Pages with the same options share
    what is cached, as a reader's do, and nothing else.
    """
    pages = []

    def start(url, **options):
        pages.append(profiles(**options).new_page())
        page, problems = pages[-1], []
        origin = "/".join(url.split("/")[:3]) + "/"

        def check_request(request):
            if not request.url.startswith((origin, "data:", "blob:")):
                problems.append(f"request to another host: {request.url}")

        def check_answer(response):
            if response.status >= 400:
                problems.append(f"{response.status}: {response.url}")

        def check_message(message):
            if message.type == "error":
                problems.append(f"console: {message.text}")

        # Not by page.route, with which nothing is cached.
        page.on("request", check_request)
        page.on("console", check_message)
        page.on("pageerror", lambda error: problems.append(f"thrown: {error}"))
        page.on("response", check_answer)
        page.goto(url)
        return page, problems

    yield start
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
