"""How long a panel takes from a slider's event to its new paths, in headless Chromium.

``python -m benchmarks.panels`` opens the built book (``make html``), presses arrow keys on every
slider of the warmup chapter's panel and of the first page's comparison, and writes
``benchmarks/panels.json``. The time runs from the key's event until the new curve and the new
runs are in the page, which one task of the browser does.
"""

import statistics

from benchmarks.report import write
from lrbook.making import machine
from tests.book import SITE, require_site
from tests.browser.conftest import DESKTOP, chromium, served
from tests.browser.panels import come_near

PAGES = {"one panel": "notebooks/warmup", "two panels": "book/index"}
PRESSES = 60

TIME = """
async (handle, presses) => {
  const plot = handle.closest(".lr-panel").querySelector(".lr-schedule");
  const times = [];
  for (let i = 0; i < presses; i++) {
    const key = i % 20 < 10 ? "ArrowRight" : "ArrowLeft";
    await new Promise(requestAnimationFrame);
    const before = plot.querySelector(".curve");
    const start = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    if (plot.querySelector(".curve") !== before) times.push(performance.now() - start);
  }
  return times;
}
"""


def quantiles(times):
    """Return the median and the 95th percentile of times in milliseconds."""
    return {
        "events": len(times),
        "p50 ms": round(statistics.median(times), 1),
        "p95 ms": round(statistics.quantiles(times, n=20)[18], 1),
    }


def main():
    """Measure both pages and write the report."""
    require_site()
    report = {"what": "from a key's event on a slider to the new paths"}
    with served(SITE) as address, chromium() as browser:
        for name, path in PAGES.items():
            page = browser.new_context(viewport=DESKTOP).new_page()
            page.goto(f"{address}/{path}.html")
            come_near(page)
            page.wait_for_selector(".lr-runs .run")
            page.wait_for_load_state("networkidle")
            times = []
            for handle in page.locator(".lr-panel .lr-control:not([hidden]) .noUi-handle").all():
                times += handle.evaluate(TIME, PRESSES)
            report[name] = quantiles(times)
    report["processor"] = machine.hardware()
    write(__file__, report)


if __name__ == "__main__":
    main()
