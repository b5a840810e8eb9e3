"""`make soak` runs in full what `make test` runs a few times, and records how it went."""

import datetime
import subprocess

import pytest

from benchmarks import report
from lrbook.making import machine
from tests.book import ROOT

REPORT = ROOT / "benchmarks" / "soak.json"


class Recorder:
    """A plugin of pytest that writes `REPORT` when all tests have run."""

    def __init__(self):
        self.tests = {}
        self.commit = _commit()

    def pytest_runtest_logreport(self, report):
        told = self.tests.setdefault(report.nodeid, {"outcome": "passed", "seconds": 0})
        told["seconds"] = round(told["seconds"] + report.duration)
        if report.outcome != "passed":
            told["outcome"] = report.outcome
        told.update(report.user_properties)

    def pytest_sessionfinish(self):
        report.write(
            REPORT,
            {
                "what": "make soak",
                "date": datetime.date.today().isoformat(),
                "commit": self.commit,
                "processor": machine.hardware(),
                "tests": self.tests,
            },
        )


def _commit():
    """Return the commit of this checkout, with a mark when files have changed since."""
    changed = _git("status", "--porcelain", "--", ".", ":!benchmarks/soak.json")
    return _git("rev-parse", "HEAD") + ("-changed" if changed else "")


def _git(*arguments):
    done = subprocess.run(("git", *arguments), cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def pytest_addoption(parser):
    parser.addoption(
        "--soak", action="store_true", help="run in full, and record it in benchmarks/soak.json"
    )


def pytest_configure(config):
    # Workers of pytest-xdist report to the process that started them.
    if config.getoption("soak") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())


@pytest.fixture
def often(request, record_property):
    """A function that says how many times: ``often(what, many, few=few)``."""

    def choose(what, many, few):
        count = many if request.config.getoption("soak") else few
        record_property(what, count)
        return count

    return choose
