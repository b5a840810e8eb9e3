"""The store of recorded runs: whole lines, nothing skipped, numbers exact."""

import subprocess
import sys

import numpy as np
import pytest

from lrbook import store

WRITER = """
import sys
from lrbook import store
for i in range(40):
    store.append(sys.argv[1], {"who": sys.argv[2], "i": i, "text": "x" * 30_000})
"""


def test_runs_come_back_in_order(tmp_path):
    path = tmp_path / "runs.jsonl"
    for i in range(3):
        store.append(path, {"i": i})
    assert [run["i"] for run in store.read(path)] == [0, 1, 2]
    assert {run["schema"] for run in store.read(path)} == {store.SCHEMA}


def test_two_processes_do_not_mix_their_lines(tmp_path):
    path = tmp_path / "runs.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who]) for who in ("a", "b")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    runs = store.read(path)
    for who in ("a", "b"):
        assert [run["i"] for run in runs if run["who"] == who] == list(range(40))


@pytest.mark.parametrize("bad", ['{"schema": 1, "i": ', '{"i": 1}', '{"schema": 99}', "[]", ""])
def test_a_line_that_is_no_run_is_named_by_its_number(tmp_path, bad):
    path = tmp_path / "runs.jsonl"
    store.append(path, {"i": 0})
    with path.open("a") as file:
        file.write(bad + "\n")
    with pytest.raises(store.StoreError, match=r"runs\.jsonl, line 2: not a run of schema 1"):
        store.read(path)


def test_a_value_that_json_lacks_is_refused_and_nothing_written(tmp_path):
    path = tmp_path / "runs.jsonl"
    with pytest.raises(ValueError, match="not JSON compliant"):
        store.append(path, {"loss": float("nan")})
    assert not path.exists()


def test_find_gives_the_newest_that_fits(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert store.find(path, name="a") is None
    for i, name in enumerate("aba"):
        store.append(path, {"i": i, "name": name})
    assert store.find(path, name="a")["i"] == 2
    assert store.find(path, name="a", i=0)["i"] == 0
    assert store.find(path, name="c") is None


def test_packed_numbers_are_exact():
    numbers = np.array([0.1, 1 / 3, 0.0, 5e-324, 1e308])
    assert store.unpack(store.pack(numbers)).tolist() == numbers.tolist()
    assert store.unpack(store.pack([])).tolist() == []
