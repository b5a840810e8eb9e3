"""Write a picture of every page, desktop and phone, light and dark: `make screenshots`."""

import tempfile
from pathlib import Path

from tests.book import SITE, pages
from tests.browser.conftest import chromium, served
from tests.browser.test_site import ROOT, VIEWS, host, settle

FOLDER = SITE.parent / "screenshots"


def main():
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(host(Path(folder))) as address,
        chromium() as browser,
    ):
        for view, options in VIEWS.items():
            page = browser.new_context(**options).new_page()
            for name in [*pages(), "search", "404"]:
                page.goto(f"{address}{ROOT}{name}.html")
                settle(page)
                file = FOLDER / f"{name.split('/')[-1]}-{view}.png"
                page.screenshot(path=file, full_page=True)
    print(f"Pictures of every page: {FOLDER}")


if __name__ == "__main__":
    main()
