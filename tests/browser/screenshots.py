"""Write a picture of every page, desktop and phone, light and dark: `make screenshots`."""

import functools
import http.server
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.book import SITE, pages
from tests.browser.conftest import ARGUMENTS, _find_chromium, _Quiet
from tests.browser.test_site import ROOT, VIEWS, host, settle

FOLDER = SITE.parent / "screenshots"


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        handler = functools.partial(_Quiet, directory=host(Path(folder)))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(executable_path=_find_chromium(), args=ARGUMENTS)
        for view, options in VIEWS.items():
            page = chromium.new_context(**options).new_page()
            for name in [*pages(), "search", "404"]:
                page.goto(f"http://127.0.0.1:{server.server_port}{ROOT}{name}.html")
                settle(page)
                file = FOLDER / f"{name.split('/')[-1]}-{view}.png"
                page.screenshot(path=file, full_page=True)
        chromium.close()
        server.shutdown()
    print(f"Pictures of every page: {FOLDER}")


if __name__ == "__main__":
    main()
