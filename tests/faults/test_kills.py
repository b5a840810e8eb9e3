"""Killed at random instants, a sweep loses and doubles no finished run, and completes.

`make soak` kills 50 times, `make test` 6.
"""

import os
import random
import signal
import time

import psutil

from lrbook.runs import store
from lrbook.runs.plan import read
from tests.faults import sweeps

SEEDS = 10  # 30 runs


class Witness:
    """Watches a store: what is in it stays as it is, and no run comes twice."""

    def __init__(self, path):
        self.path = path
        self.seen = b""

    def look(self):
        content = sweeps.whole_lines(self.path)
        assert content.startswith(self.seen), "a recorded run was lost or changed"
        self.seen = content
        keys = sweeps.keys(self.path)
        assert len(keys) == len(set(keys)), "a run was recorded twice"


def complete(plan, path, log, *options):
    """Let the sweep run to its end; check that it has each run once; return the results."""
    with sweeps.sweep(plan, "--store", path, *options, log=log) as sweep:
        assert sweep.wait(sweeps.PATIENCE) == 0, log.read_text()[-2000:]
    runs = store.read(path)
    assert sorted(run["key"] for run in runs) == sorted(e.key for e in read(plan))
    return {run["key"]: (run["train_loss"], run["test_acc"], run["died"]) for run in runs}


def test_workers_and_the_writer_of_a_local_sweep(tmp_path, often):
    wanted = often("kills of workers and writers", 38, few=4)
    chance = random.Random(0)
    plan, log = sweeps.plan(tmp_path, SEEDS), tmp_path / "complete.log"
    kills, rounds = {"worker": 0, "writer": 0}, []
    while sum(kills.values()) < wanted:
        path = tmp_path / f"round{len(rounds)}.jsonl"
        witness = Witness(path)
        while len(sweeps.keys(path)) < 3 * SEEDS - 2 and sum(kills.values()) < wanted:
            disturb(plan, path, tmp_path / f"{sum(kills.values())}.log", chance, kills)
            witness.look()
        rounds.append(complete(plan, path, log))
        witness.look()
        complete(plan, path, log)
        assert sweeps.whole_lines(path) == witness.seen, "a finished sweep has nothing to do"
    print(kills, "kills,", len(rounds), "sweeps")
    assert all(kills.values())
    assert all(results == rounds[0] for results in rounds), "same seed, same numbers"


def disturb(plan, path, log, chance, kills):
    """Start a sweep; kill a few of its workers and then itself, and count the kills."""
    with sweeps.sweep(plan, "--store", path, log=log) as sweep:
        sweeps.wait_until(lambda: sweeps.trainers(sweep), sweep)
        if chance.random() < 0.8:  # else it is still starting them
            sweeps.wait_until(lambda: "run/s" in log.read_text(), sweep)
        for victim in ["worker"] * chance.randrange(1, 5) + ["writer"]:
            wanted = len(sweeps.keys(path)) + chance.randrange(3)
            sweeps.wait_until(
                lambda n=wanted: sweep.poll() is not None or len(sweeps.keys(path)) >= n
            )
            time.sleep(chance.uniform(0, 1))
            trainers = sweeps.trainers(sweep)
            if sweep.poll() is not None or (victim == "worker" and not trainers):
                continue  # done already, or between two lives
            pid = sweep.pid if victim == "writer" else chance.choice(trainers).pid
            os.kill(pid, signal.SIGKILL)
            kills[victim] += 1
        sweep.wait(sweeps.PATIENCE)
        sweeps.wait_until(lambda: not any(p.is_running() for p in trainers))
    assert "Traceback" not in log.read_text(), log.read_text()


def test_the_scheduler_that_a_sweep_was_given(tmp_path, often):
    wanted = often("kills of schedulers", 12, few=2)
    chance = random.Random(1)
    plan, logs = sweeps.plan(tmp_path, SEEDS), []
    path = tmp_path / "runs.jsonl"
    witness = Witness(path)
    kills = 0
    while kills < wanted:
        if len(sweeps.keys(path)) > 3 * SEEDS - 2:
            path = tmp_path / f"runs{kills}.jsonl"
            witness = Witness(path)
        logs.append(tmp_path / f"{len(logs)}.log")
        with (
            sweeps.cluster(tmp_path) as scheduler,
            sweeps.sweep(
                plan, "--store", path, "--scheduler", scheduler.address, log=logs[-1]
            ) as sweep,
        ):
            # Its bar shows that it found the scheduler.
            sweeps.wait_until(lambda: "run/s" in logs[-1].read_text(), sweep)
            time.sleep(chance.uniform(0, 6))
            running = sweep.poll() is None
            os.kill(scheduler.pid, signal.SIGKILL)
            assert sweep.wait(sweeps.PATIENCE) == int(running)
            kills += running
            witness.look()
        said = logs[-1].read_text()
        assert not running or "sweep: the scheduler is gone" in said, said
        assert "Traceback" not in said, said
    with sweeps.cluster(tmp_path) as scheduler:
        complete(plan, path, logs[-1], "--scheduler", scheduler.address)
    witness.look()


def test_no_worker_outlives_its_sweep(tmp_path):
    with sweeps.sweep(sweeps.plan(tmp_path, 3), log=tmp_path / "log") as sweep:
        sweeps.wait_until(lambda: sweeps.keys(tmp_path / "plan.jsonl"), sweep)
        family = psutil.Process(sweep.pid).children(recursive=True)
        os.kill(sweep.pid, signal.SIGKILL)
        sweep.wait()
        sweeps.wait_until(lambda: not any(p.is_running() for p in family))
