"""Does a page stay smooth while it trains, and does its memory stay flat? In headless Chromium.

``python -m benchmarks.frames`` opens the built book (``make html``), presses *Train this* on the
cosine chapter's panel and *Start* in the laboratory, takes the time between frames for some
seconds before and while it trains, and then starts and stops 20 runs in the panel. It writes
``benchmarks/frames.json``. A browser without a screen draws 60 frames a second, or as many as it
can.
"""

import os
import statistics

from benchmarks.report import write
from lrbook.making import machine
from tests.book import SITE, require_site
from tests.browser.conftest import DESKTOP, chromium, served
from tests.browser.panels import come_near

SECONDS = 8
RUNS = 20
FRAMES = """
(seconds) => new Promise((resolve) => {
  const times = [];
  let last;
  function frame(now) {
    if (last !== undefined) times.push(now - last);
    last = now;
    if (times.reduce((a, b) => a + b, 0) < 1000 * seconds) requestAnimationFrame(frame);
    else resolve(times);
  }
  requestAnimationFrame(frame);
})
"""


def frames(page):
    """Return how long frames take, in milliseconds."""
    times = page.evaluate(FRAMES, SECONDS)
    return {
        "frames a second": round(1000 * len(times) / sum(times), 1),
        "p50 ms": round(statistics.median(times), 1),
        "p95 ms": round(statistics.quantiles(times, n=20)[18], 1),
        "longest ms": round(max(times), 1),
    }


def heap(session):
    """Return the page's own memory after a collection, in megabytes."""
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    return round(used / 1e6, 1)


def panel(page, address):
    """Return the frames of a panel that rests and that trains, and its memory over the runs."""
    page.goto(f"{address}/notebooks/cosine.html")
    come_near(page)
    page.wait_for_selector(".lr-runs .run")
    report = {"at rest": frames(page)}
    train, stop = (page.get_by_role("button", name=name) for name in ("Train this", "Stop"))
    status = page.locator(".lr-train [role=status]")
    train.click()
    status.filter(has_text="in this page").wait_for()
    report["while it trains"] = frames(page)
    stop.click()
    session = page.context.new_cdp_session(page)
    memory = []
    for _ in range(RUNS):
        train.click()
        page.wait_for_selector(".lr-runs .run.mine.test[d*=L]", state="attached")
        stop.click()
        status.filter(has_text="it can go on").wait_for()
        memory.append(heap(session))
    return report | {f"page's heap after each of {RUNS} runs, MB": memory}


def laboratory(page, address):
    """Return the frames of the laboratory at rest and while it trains."""
    page.goto(f"{address}/book/laboratory.html")
    page.get_by_role("button", name="Start", exact=True).wait_for()
    report = {"at rest": frames(page)}
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".lab-status").filter(has_text="epoch").wait_for()
    return report | {"while it trains": frames(page)}


def main():
    """Measure both pages and write the report."""
    require_site()
    report = {"what": "time between frames; one training in a worker beside the page"}
    with served(SITE) as address, chromium() as browser:
        for name, measure in {"a panel": panel, "the laboratory": laboratory}.items():
            page = browser.new_context(viewport=DESKTOP).new_page()
            report[name] = measure(page, address)
            page.context.close()
    report["processes that wanted a core at the end"] = round(os.getloadavg()[0], 1)
    report["machine"] = {"processor": machine.hardware(), "cores": os.cpu_count()}
    write(__file__, report)


if __name__ == "__main__":
    main()
