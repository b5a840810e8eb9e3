"""What the README says of speed is what was measured."""

import datetime
import json
import re

import pytest

from benchmarks import epoch
from tests.book import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def report(name):
    return json.loads((ROOT / "benchmarks" / f"{name}.json").read_text("utf-8"))


def test_the_table_is_the_report_s():
    assert epoch.table(report("epoch")) in README


@pytest.mark.parametrize(
    "name", ["frames", "operators", "page", "panels", "pooling", "store", "sweep"]
)
def test_numbers_of_other_reports_are_theirs(name):
    found = {f"{float(number):g}" for number in re.findall(r"[\d.]+", json.dumps(report(name)))}
    (paragraph,) = re.findall(rf"^.*benchmarks/{name}\.json.*$", README, re.MULTILINE)
    quoted = re.findall(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)", paragraph)
    assert quoted
    for number in quoted:
        assert f"{float(number):g}" in found, f"{number} is not in {name}.json"


def test_the_last_soak_is_recorded_and_passed():
    soak = report("soak")
    assert datetime.date.fromisoformat(soak["date"]) <= datetime.date.today()
    assert re.fullmatch("[0-9a-f]{40}", soak["commit"]), "of files that no commit has"
    assert {told["outcome"] for told in soak["tests"].values()} == {"passed"}
    assert 200 in (told.get("pairs of kernels") for told in soak["tests"].values())
