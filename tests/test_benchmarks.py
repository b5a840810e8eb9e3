"""What the README says of speed is what was measured."""

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


@pytest.mark.parametrize("name", ["operators", "panels", "pooling", "store", "sweep"])
def test_numbers_of_other_reports_are_theirs(name):
    found = {f"{float(number):g}" for number in re.findall(r"[\d.]+", json.dumps(report(name)))}
    (paragraph,) = re.findall(rf"^.*benchmarks/{name}\.json.*$", README, re.MULTILINE)
    quoted = re.findall(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)", paragraph)
    assert quoted
    for number in quoted:
        assert f"{float(number):g}" in found, f"{number} is not in {name}.json"
