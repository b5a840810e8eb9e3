"""The store of recorded runs: whole lines, each once, nothing skipped, numbers exact."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import numpy as np
import pytest

from lrbook.runs import store

WRITER = """
import sys
from lrbook.runs import store
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


@pytest.mark.parametrize("keys", [[12, 1], ["12", "1"], [1, True, "1"]])
def test_a_key_is_another_s_start_or_looks_like_it(tmp_path, keys):
    path = tmp_path / "runs.jsonl"
    for key in keys:
        assert store.append(path, {"key": key})
        assert not store.append(path, {"key": key})
    assert [run["key"] for run in store.read(path)] == keys


def test_a_key_inside_another_run_is_not_a_run_s(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert store.append(path, {"key": "a", "of": {"key": "b"}, "text": '"key": "c"'})
    assert store.append(path, {"key": "b"})
    assert store.append(path, {"key": "c"})
    assert [run["key"] for run in store.read(path)] == ["a", "b", "c"]


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
    "bad",
    [
        '{"schema": 1, "key": ',
        '{"key": "b"}',
        '{"schema": 99, "key": "b"}',
        "[]",
        "",
        "\0\0",
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_run_is_named_by_its_number(tmp_path, bad):
    path = tmp_path / "runs.jsonl"
    store.append(path, {"key": "a"})
    with path.open("a") as file:
        file.write(bad + "\n")
    with pytest.raises(store.StoreError, match=r"runs\.jsonl, line 2: not a run of schema 1"):
        store.read(path)


@pytest.mark.parametrize("cut", [2, 20, 1000])
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


@pytest.mark.filterwarnings("error")
def test_a_whole_last_line_that_lacks_its_newline_is_kept(tmp_path):
    path = tmp_path / "runs.jsonl"
    for key in "abc":
        store.append(path, {"key": key})
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert [run["key"] for run in store.read(path)] == ["a", "b", "c"]
    assert store.find(path, key="c") == {"schema": 1, "key": "c"}
    assert path.read_bytes() == content[:-1], "reading must not write"
    assert not store.append(path, {"key": "c"})
    assert path.read_bytes() == content
    assert not Path(f"{path}.torn").exists()


@pytest.mark.filterwarnings("error")
def test_a_line_that_is_being_written_is_waited_for(tmp_path):
    path = tmp_path / "runs.jsonl"
    for key in "ab":
        store.append(path, {"key": key})
    content = path.read_bytes()
    path.write_bytes(content[:-10])
    writing = filelock.FileLock(f"{path}.lock")
    with ThreadPoolExecutor() as pool:
        with writing:
            runs = pool.submit(store.read, path)
            with pytest.raises(TimeoutError):
                runs.result(0.2)
            path.write_bytes(content)
        assert [run["key"] for run in runs.result()] == ["a", "b"]


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


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"key": "a", "loss": float("nan")}, "not JSON compliant"),
        ({"key": float("nan")}, "not JSON compliant"),
        ({"key": "a", "text": b"bytes"}, "bytes is not JSON serializable"),
        ({"name": "a"}, "it has no 'key'"),
        ({"key": "a", "schema": 2}, "its schema is 2, not 1"),
        ([("key", "a")], "it is a list, not a dict"),
    ],
)
def test_what_is_no_run_is_refused_and_nothing_written(tmp_path, record, problem):
    path = tmp_path / "runs.jsonl"
    with pytest.raises(store.StoreError, match=rf"runs\.jsonl: .*can't be recorded: .*{problem}"):
        store.append(path, record)
    assert not path.exists()


def test_a_run_that_was_read_can_be_appended_to_another_store(tmp_path):
    store.append(tmp_path / "a.jsonl", {"key": "a"})
    (run,) = store.read(tmp_path / "a.jsonl")
    assert store.append(tmp_path / "b.jsonl", run)
    assert store.read(tmp_path / "b.jsonl") == [run]


def test_no_folder_is_made_for_a_store(tmp_path):
    path = tmp_path / "rnus" / "runs.jsonl"
    with pytest.raises(store.StoreError, match=r"runs\.jsonl: there is no folder .*rnus"):
        store.append(path, {"key": "a"})
    assert not path.parent.exists()


def test_a_pipe_is_no_store(tmp_path):
    path = tmp_path / "runs.jsonl"
    os.mkfifo(path)
    for use in (store.read, store.check_writable, lambda path: store.append(path, {"key": "a"})):
        with pytest.raises(store.StoreError, match=r"runs\.jsonl: .*not a file"):
            use(path)


def test_a_link_to_a_store_has_its_lock(tmp_path):
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "runs.jsonl")
    store.append(tmp_path / "link.jsonl", {"key": "a"})
    assert [p.name for p in tmp_path.glob("*.lock")] == ["runs.jsonl.lock"]


def test_whether_a_store_can_be_written_is_known_beforehand(tmp_path):
    path = tmp_path / "runs.jsonl"
    store.check_writable(path)
    assert store.read(path) == []
    with pytest.raises(store.StoreError, match="there is no folder"):
        store.check_writable(tmp_path / "none" / "runs.jsonl")


def test_find_gives_the_newest_that_fits(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert store.find(path, name="a") is None
    for i, name in enumerate("aba"):
        store.append(path, {"key": str(i), "i": i, "name": name})
    assert store.find(path, name="a")["i"] == 2
    assert store.find(path, name="a", i=0)["i"] == 0
    assert store.find(path, name="c") is None


def test_find_goes_by_the_key_of_the_run_itself(tmp_path):
    path = tmp_path / "runs.jsonl"
    store.append(path, {"key": "a", "of": {"key": "b"}, "i": 0})
    with path.open("a") as file:  # no append would do that
        file.write('{"schema": 1, "key": "a", "i": 1}\n{"schema": 1, "key": "c"}')
    assert store.find(path, key="b") is None
    assert store.find(path, key="a")["i"] == 1
    assert store.find(path, key="a", i=0)["i"] == 0
    assert store.find(path, key="c") == {"schema": 1, "key": "c"}, "without its newline"
    with path.open("a") as file:
        file.write("\nnonsense\n")
    with pytest.raises(store.StoreError, match="line 4: not a run"):
        store.find(path, key="a")


def _others(path, key):
    """What other processes do to a store: yield how, and the keys that it then holds."""
    other = path.with_name("other.jsonl")
    store.append(other, {"key": key})
    lines = path.read_bytes().splitlines(keepends=True)
    yield lambda: path.write_bytes(path.read_bytes() + other.read_bytes()), ["a", "b", "c", key]
    yield lambda: other.replace(path), [key]
    yield lambda: path.write_bytes(lines[0] + lines[1]), ["a", "b"]
    yield lambda: path.write_bytes(lines[2] + lines[1]), ["c", "b"]
    yield lambda: path.write_bytes(b"".join(reversed(lines))), ["c", "b", "a"]
    yield lambda: path.write_bytes(path.read_bytes().replace(b'"a"', b'"z"')), ["z", "b", "c"]
    yield path.unlink, []


@pytest.mark.parametrize("way", range(7))
def test_what_others_do_to_a_store_is_seen(tmp_path, way):
    path = tmp_path / "runs.jsonl"
    for key in "abc":
        store.append(path, {"key": key})
    assert store.find(path, key="a")
    change, held = list(_others(path, "d"))[way]
    time.sleep(0.02)  # a file's time has ticks
    change()
    for key in "abcdz":
        assert (store.find(path, key=key) is not None) == (key in held)
    for key in "abcdz":
        assert store.append(path, {"key": key}) == (key not in held)
    assert sorted(run["key"] for run in store.read(path)) == sorted({*held, *"abcdz"})


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="Linux counts what is read")
def test_a_run_costs_no_more_in_a_large_store(tmp_path):
    path = tmp_path / "runs.jsonl"
    run = {"schema": store.SCHEMA, "text": "x" * 2000}
    path.write_text("".join(json.dumps({**run, "key": str(i)}) + "\n" for i in range(3000)))
    store.append(path, {**run, "key": "first"})
    before = _bytes_read()
    assert store.find(path, key="none") is None
    assert store.find(path, key="1500")["key"] == "1500"
    assert store.append(path, {**run, "key": "next"})
    assert _bytes_read() - before < 50_000 < path.stat().st_size / 100


def _bytes_read():
    return int(Path("/proc/self/io").read_text().split()[1])


def test_packed_numbers_are_exact():
    numbers = np.array([0.1, 1 / 3, 0.0, 5e-324, 1e308])
    assert store.unpack(store.pack(numbers)).tolist() == numbers.tolist()
    assert store.unpack(store.pack([])).tolist() == []
