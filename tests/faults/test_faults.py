"""What can go wrong with a sweep, with the real thing: it says so, and nothing is lost."""

import json
import os
import shutil
import signal
import sys

import pytest

from lrbook.__main__ import main
from lrbook.runs import store
from lrbook.runs.plan import read
from tests.faults import sweeps


def run(plan, *options, folder, **env):
    """Run a sweep to its end; return its exit status and what it said."""
    log = folder / "sweep.log"
    log.unlink(missing_ok=True)
    with sweeps.sweep(plan, *options, log=log, **env) as sweep:
        status = sweep.wait(sweeps.PATIENCE)
    return status, log.read_text()


@pytest.fixture
def refused(capfd, monkeypatch, tmp_path):
    """A function like `run`, for what is refused before anything starts: in this process."""
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(plan, *options):
        status = main(["sweep", str(plan), *options])
        return status, "".join(capfd.readouterr())

    return call


def test_it_makes_what_is_missing_and_a_dead_run_is_a_result(tmp_path):
    plan = sweeps.plan(tmp_path, 2)
    status, said = run(plan, folder=tmp_path)
    assert status == 0, said
    assert "6 experiments" in said and "6 runs recorded, 2 of them dead; 0 left" in said
    assert "runs an hour with" in said
    path = tmp_path / "plan.jsonl"
    runs = store.read(path)
    assert [run["died"] for run in runs if run["experiment"]["base_lr"] == 30] == [1, 1]
    assert [run["died"] for run in runs if run["experiment"]["base_lr"] != 30] == [None] * 4
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]) + lines[3][:100])  # a power cut
    status, said = run(plan, folder=tmp_path)
    assert status == 0, said
    assert "line 4: torn" in said and "3 runs recorded" in said
    assert sorted(map(_result, store.read(path))) == sorted(map(_result, runs))
    status, said = run(plan, folder=tmp_path)
    assert status == 0 and "0 runs recorded" in said


def _result(run):
    return run["key"], run["train_loss"], run["test_acc"]


def test_ctrl_c_stops_cleanly(tmp_path):
    plan, log = sweeps.plan(tmp_path, 20), tmp_path / "log"
    with sweeps.sweep(plan, log=log) as sweep:
        sweeps.wait_until(lambda: sweeps.keys(tmp_path / "plan.jsonl"), sweep)
        family = sweeps.trainers(sweep)
        os.killpg(sweep.pid, signal.SIGINT)  # as a terminal does: to the workers too
        assert sweep.wait(sweeps.PATIENCE) == 130, log.read_text()
    said = log.read_text()
    assert "interrupted: the same command goes on from here" in said
    assert "Traceback" not in said, said
    sweeps.wait_until(lambda: not any(p.is_running() for p in family))
    done = len(store.read(tmp_path / "plan.jsonl"))
    assert f"{done} runs recorded" in said and f"{60 - done} left" in said


CTRL_C_WHILE_WRITING = """
import os, signal, sys
from lrbook.__main__ import main
from lrbook.runs import store

append = store.append

def interrupted(path, record):
    new = append(path, record)
    os.kill(os.getpid(), signal.SIGINT)
    return new

store.append = interrupted
sys.exit(main(["sweep", sys.argv[1]]))
"""


def test_a_run_that_ctrl_c_finds_written_is_counted(tmp_path):
    plan, log = sweeps.plan(tmp_path, 2), tmp_path / "log"
    with sweeps.process(sys.executable, "-c", CTRL_C_WHILE_WRITING, plan, log=log) as sweep:
        assert sweep.wait(sweeps.PATIENCE) == 130, log.read_text()
    assert len(store.read(tmp_path / "plan.jsonl")) == 1
    assert "1 runs recorded" in log.read_text() and "5 left" in log.read_text()


def test_on_a_scheduler_given_by_address(tmp_path):
    plan = sweeps.plan(tmp_path, 2)
    with sweeps.cluster(tmp_path) as scheduler:
        status, said = run(plan, "--scheduler", scheduler.address, folder=tmp_path)
    assert status == 0, said
    assert len(store.read(tmp_path / "plan.jsonl")) == 6


def test_two_sweeps_at_once_into_one_store(tmp_path):
    plan, path = sweeps.plan(tmp_path, 3), tmp_path / "plan.jsonl"
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    with sweeps.sweep(plan, log=logs[0]) as a, sweeps.sweep(plan, log=logs[1]) as b:
        assert [a.wait(sweeps.PATIENCE), b.wait(sweeps.PATIENCE)] == [0, 0]
    assert sorted(sweeps.keys(path)) == sorted(e.key for e in read(plan))


FULL_DISK = """
set -e
mount -t tmpfs -o size=8k tmpfs "$1"
status=0
"$2" -m lrbook sweep "$3" --store "$1/runs.jsonl" || status=$?
"$2" -c 'from lrbook.runs import store; import sys; runs = store.read(sys.argv[1])
print(len(runs), "readable")' "$1/runs.jsonl"
mount -o remount,size=1m "$1"
"$2" -m lrbook sweep "$3" --store "$1/runs.jsonl"
exit $status
"""


def test_a_full_disk(tmp_path):
    plan, disk, log = sweeps.plan(tmp_path, 5), tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    # A mount that only this process and its children see.
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", FULL_DISK, "sh"]
    with sweeps.process(*command, disk, sys.executable, plan, log=log) as shell:
        status = shell.wait(2 * sweeps.PATIENCE)
    said = log.read_text()
    assert status == 1, said
    assert "runs.jsonl: the run could not be written (No space left on device)" in said
    (readable,) = [line for line in said.splitlines() if line.endswith("readable")]
    recorded = int(readable.split()[0])
    assert 0 < recorded < 15
    assert f"{15 - recorded} runs recorded" in said, "with room, it goes on"
    assert "torn" not in said and "Traceback" not in said, said


def test_damaged_data_on_one_worker(tmp_path):
    plan, log = sweeps.plan(tmp_path, 3), tmp_path / "cluster.log"
    # This worker has its own copy of the package, and in it a data file cut in half.
    other = tmp_path / "other"
    shutil.copytree(sweeps.ROOT / "lrbook", other / "lrbook")
    damaged = other / "lrbook" / "training" / "fashion_mnist_subset" / "train-images-idx3-ubyte.gz"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with sweeps.cluster(tmp_path, workers=0) as scheduler:
        options = "--scheduler", scheduler.address
        with sweeps.worker(scheduler.address, log, PYTHONPATH=str(other)) as bad:
            sweeps.wait_for_workers(log, 1, scheduler)
            status, said = run(plan, *options, folder=tmp_path)
            assert status == 1
            assert "no worker is left that can train" in said
            assert "train-images-idx3-ubyte.gz is truncated" in said
            bad.wait(sweeps.PATIENCE)
        with (
            sweeps.worker(scheduler.address, log),
            sweeps.worker(scheduler.address, log, PYTHONPATH=str(other)),
        ):
            sweeps.wait_for_workers(log, 3, scheduler)  # the first one too, which has ended
            status, said = run(plan, *options, folder=tmp_path)
            assert status == 1, said
            assert "8 runs recorded" in said and "1 left" in said
            assert "1 failed: " in said and "is truncated" in said
            status, said = run(plan, *options, folder=tmp_path)
            assert status == 0, said
    assert sorted(sweeps.keys(tmp_path / "plan.jsonl")) == sorted(e.key for e in read(plan))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("constant", "konstant"), "experiment 1: policy must be one of constant"),
        (("0.1", "-0.1"), "base_lr must be a finite number in"),
        (("seeds = 2", "seeds = 1_000_000_000"), "asks for 3,000,000,000 runs"),
        (("seeds = 2", "seeds = "), "not TOML"),
    ],
)
def test_a_bad_plan_is_refused_before_anything_starts(tmp_path, refused, change, message):
    plan = sweeps.plan(tmp_path, 2)
    plan.write_text(plan.read_text().replace(*change))
    status, said = refused(plan)
    assert status == 1
    assert said.startswith(f"sweep: {plan}") and message in said
    assert len(said.splitlines()) == 1, said
    assert not (tmp_path / "plan.jsonl").exists()


def test_a_damaged_store_is_named_and_kept(tmp_path, refused):
    plan, path = sweeps.plan(tmp_path, 1), tmp_path / "plan.jsonl"
    path.write_text(json.dumps({"schema": store.SCHEMA, "key": "a"}) + "\nnonsense\n")
    status, said = refused(plan)
    assert status == 1 and "plan.jsonl, line 2: not a run of schema" in said
    assert path.read_text().endswith("nonsense\n")


def test_a_scheduler_that_is_not_there_and_one_without_workers(tmp_path, refused, monkeypatch):
    plan = sweeps.plan(tmp_path, 1)
    monkeypatch.setattr("lrbook.runs.sweep.PATIENCE", 1)
    status, said = refused(plan, "--scheduler", "tcp://127.0.0.1:9")
    assert status == 1
    assert "sweep: no Dask scheduler answers at tcp://127.0.0.1:9" in said
    with sweeps.cluster(tmp_path, workers=0) as scheduler:
        monkeypatch.setattr("lrbook.runs.sweep.PATIENCE", 10)  # to reach it, on a busy machine
        status, said = refused(plan, "--scheduler", scheduler.address)
    assert status == 1
    assert f"sweep: the Dask scheduler at {scheduler.address} has no workers" in said


def test_a_smoke_run_records_nothing(tmp_path, refused, monkeypatch):
    monkeypatch.setenv("LRBOOK_SMOKE", "1")
    status, said = refused(sweeps.plan(tmp_path, 1))
    assert status == 1 and "LRBOOK_SMOKE is set" in said
    assert not (tmp_path / "plan.jsonl").exists()


def test_each_worker_has_a_gpu_of_its_own(tmp_path):
    code = """if True:
        import mxnet as mx
        mx.context.num_gpus = lambda: 2
        from lrbook.runs import sweep
        import os
        with sweep._local_cluster(None) as cluster, sweep.Client(cluster) as client:
            cards = client.run(lambda: os.environ["CUDA_VISIBLE_DEVICES"])
            print(sorted(cards.values()))
    """
    script = tmp_path / "cards.py"
    script.write_text(f"import lrbook\nif __name__ == '__main__':\n  {code.strip()}")
    log = tmp_path / "log"
    with sweeps.process(sys.executable, script, log=log) as done:
        done.wait(sweeps.PATIENCE)
    assert "['0', '1']" in log.read_text(), log.read_text()
