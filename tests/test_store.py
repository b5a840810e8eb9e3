"""The store of recorded runs: whole lines, each once, nothing skipped, numbers exact."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lrbook import store

WRITER = """
import sys
from lrbook import store
path, who = sys.argv[1:]
for i in range(40):
    store.append(path, {"key": f"{who}{i}", "who": who, "i": i, "text": "x" * 30_000})
    store.append(path, {"key": f"both{i}", "who": "both", "i": i})
"""


def test_runs_come_back_in_order(tmp_path):
    path = tmp_path / "runs.jsonl"
    for i in range(3):
        assert store.append(path, {"key": str(i), "i": i})
    assert [run["i"] for run in store.read(path)] == [0, 1, 2]
    assert {run["schema"] for run in store.read(path)} == {store.SCHEMA}


def test_a_run_is_recorded_once(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert store.append(path, {"key": "a", "i": 0})
    assert store.append(path, {"key": "ab", "i": 1})
    assert not store.append(path, {"key": "a", "i": 2})
    assert [run["i"] for run in store.read(path)] == [0, 1]


def test_two_processes_do_not_mix_their_lines_nor_double_a_run(tmp_path):
    path = tmp_path / "runs.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), who]) for who in ("a", "b")
    ]
    assert [writer.wait(600) for writer in writers] == [0, 0]
    runs = store.read(path)
    for who in ("a", "b", "both"):
        assert [run["i"] for run in runs if run["who"] == who] == list(range(40))


@pytest.mark.parametrize(
    "bad", ['{"schema": 1, "key": ', '{"key": "b"}', '{"schema": 99, "key": "b"}', "[]", "", "\0\0"]
)
def test_a_line_that_is_no_run_is_named_by_its_number(tmp_path, bad):
    path = tmp_path / "runs.jsonl"
    store.append(path, {"key": "a"})
    with path.open("a") as file:
        file.write(bad + "\n")
    with pytest.raises(store.StoreError, match=r"runs\.jsonl, line 2: not a run of schema 1"):
        store.read(path)


@pytest.mark.parametrize("cut", [1, 20, 1000])
def test_a_torn_last_line_costs_that_one_run(tmp_path, cut):
    path = tmp_path / "runs.jsonl"
    for key in "abc":
        store.append(path, {"key": key, "text": "x" * 2000})
    content = path.read_bytes()
    path.write_bytes(content[:-cut])
    torn = content.splitlines()[2][: len(content.splitlines()[2]) + 1 - cut]
    with pytest.warns(UserWarning, match=r"runs\.jsonl, line 3: torn"):
        assert [run["key"] for run in store.read(path)] == ["a", "b"]
    assert path.read_bytes() == content[:-cut], "reading must not write"
    with pytest.warns(UserWarning, match=r"line 3: torn.*moved to .*runs\.jsonl\.torn"):
        assert store.append(path, {"key": "c", "text": "x" * 2000})
    assert path.read_bytes() == content
    assert Path(f"{path}.torn").read_bytes() == torn + b"\n"


def test_the_table_has_a_row_a_run(tmp_path):
    path = tmp_path / "runs.jsonl"
    for i in range(2):
        store.append(path, {"key": str(i), "experiment": {"seed": i}, "test_acc": [0.5, 0.6]})
    table = store.table(path)
    assert table["experiment.seed"].tolist() == [0, 1]
    assert table.test_acc.str[-1].tolist() == [0.6, 0.6]


def test_a_store_that_is_not_there_is_named(tmp_path):
    with pytest.raises(store.StoreError, match=r"none\.jsonl: can't be read \(No such file"):
        store.read(tmp_path / "none.jsonl")


def test_a_store_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "runs.jsonl").mkdir()
    with pytest.raises(store.StoreError, match=r"runs\.jsonl: the run could not be written"):
        store.append(tmp_path / "runs.jsonl", {"key": "a"})


def test_a_value_that_json_lacks_is_refused_and_nothing_written(tmp_path):
    path = tmp_path / "runs.jsonl"
    with pytest.raises(ValueError, match="not JSON compliant"):
        store.append(path, {"key": "a", "loss": float("nan")})
    assert not path.exists()


def test_find_gives_the_newest_that_fits(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert store.find(path, name="a") is None
    for i, name in enumerate("aba"):
        store.append(path, {"key": str(i), "i": i, "name": name})
    assert store.find(path, name="a")["i"] == 2
    assert store.find(path, name="a", i=0)["i"] == 0
    assert store.find(path, name="c") is None


def test_packed_numbers_are_exact():
    numbers = np.array([0.1, 1 / 3, 0.0, 5e-324, 1e308])
    assert store.unpack(store.pack(numbers)).tolist() == numbers.tolist()
    assert store.unpack(store.pack([])).tolist() == []
