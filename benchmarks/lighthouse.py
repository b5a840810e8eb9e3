"""Lighthouse's scores of five pages, as a phone on slow 4G meets them.

``make lighthouse`` builds the book and runs this. The site is served as a static host does it,
with gzip and a cache of ten minutes, in the same folder as the public one. Lighthouse opens each
page with its phone preset (a mid-range phone and slow 4G, both simulated) `RUNS` times; every
number of ``benchmarks/lighthouse.json`` is the median of its runs.
"""

import datetime
import gzip
import http.server
import io
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import write
from lrbook.making import machine
from tests.book import CONFIG, ROOT, SITE, require_site
from tests.browser.conftest import ARGUMENTS, served

HERE = Path(__file__).parent
PAGES = [
    "book/index",
    "notebooks/introduction",
    "notebooks/cosine",
    "book/results",
    "book/glossary",
]
RUNS = 3
SCORES = ["performance", "accessibility", "best-practices", "seo"]
NUMBERS = {
    "first contentful paint s": ("first-contentful-paint", 1000, 1),
    "largest contentful paint s": ("largest-contentful-paint", 1000, 1),
    "blocking time ms": ("total-blocking-time", 1, 0),
    "layout shift": ("cumulative-layout-shift", 1, 3),
    "kB": ("total-byte-weight", 1000, 0),
}
TEXT = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


class Host(http.server.SimpleHTTPRequestHandler):
    """Answer as a static host does: text gzipped, connections kept, a cache of ten minutes."""

    protocol_version = "HTTP/1.1"
    base = urlsplit(CONFIG["html"]["baseurl"]).path

    def translate_path(self, path):
        """Return the file of an address below the site's own folder."""
        return super().translate_path("/" + path.removeprefix(self.base))

    def send_head(self):
        """Send the headers of a file, or an error; return what to send after them."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in TEXT:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *_):
        """Keep quiet."""


def audit(url):
    """Return Lighthouse's report on a page."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.json")
        command = [HERE / "node_modules/.bin/lighthouse", url, "--quiet", "--output=json"]
        command += [f"--output-path={file}", f"--chrome-flags={' '.join(ARGUMENTS)}"]
        subprocess.run(command, check=True, cwd=folder, env=os.environ | {"TMPDIR": folder})
        return json.loads(file.read_text("utf-8"))


def summary(reports):
    """Return the medians of several reports on one page."""
    row = {
        name: statistics.median(round(100 * r["categories"][name]["score"]) for r in reports)
        for name in SCORES
    }
    for name, (key, unit, digits) in NUMBERS.items():
        value = statistics.median(r["audits"][key]["numericValue"] for r in reports)
        row[name] = round(value / unit, digits or None)
    return row


def main():
    """Measure the pages and write the report."""
    require_site()
    commit = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    report = {
        "what": f"phone, slow 4G, simulated; gzip; medians of {RUNS} runs",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": subprocess.check_output(commit, cwd=ROOT, text=True).strip(),
        "processor": machine.hardware(),
        "pages": {},
    }
    with served(SITE, Host) as address:
        for page in PAGES:
            reports = [audit(f"{address}{Host.base}{page}.html") for _ in range(RUNS)]
            report["lighthouse"] = reports[0]["lighthouseVersion"]
            report["pages"][page] = summary(reports)
    write(__file__, report)


if __name__ == "__main__":
    main()
