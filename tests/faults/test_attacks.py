"""A sweep under attack: from the network, from workers that aren't what they should be.

The workers here are threads of this process, or processes in which a stand-in takes the place of
what trains, unless training is the point.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import dask
import numpy as np
import psutil
import pytest
from distributed import LocalCluster, Security

from lrbook.runs import crew, record, store, sweep
from lrbook.runs.experiments import Experiment
from lrbook.schedules import Constant
from lrbook.training.history import History
from tests.faults import sweeps

EXPERIMENTS = [Experiment(Constant(0.1), seed) for seed in range(8)]
UPDATES = 234  # an epoch's, of 256 images


def history(experiment, **changes):
    """Return what a training could have given."""
    epochs = experiment.num_epochs
    run = {
        "name": experiment.name,
        "updates_per_epoch": UPDATES,
        "seed": experiment.seed,
        "batch_size": 256,
        "last_batch": "discard",
        "data": "full",
        "device": "cpu(0)",
        "train_loss": [0.5] * epochs,
        "train_acc": [0.8] * epochs,
        "test_acc": [0.8] * epochs,
        "last_test_acc": [[]] * epochs,
        "lr": np.full(epochs * UPDATES, 0.1),
        "batch_sizes": np.full(epochs * UPDATES, 256),
    }
    return History(**run | changes)


@pytest.fixture(autouse=True)
def _no_smoke(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


@pytest.fixture
def trained(monkeypatch):
    """Let threads of this process train in no time; return the experiments that they did."""
    done = []

    def run(experiment, on_epoch=None):
        done.append(experiment)
        return history(experiment)

    monkeypatch.setattr(Experiment, "run", run)
    return done


@contextlib.contextmanager
def threads(count=1, protocol="tcp://", **options):
    """Start a cluster in this process; yield its address."""
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=count, threads_per_worker=1, processes=False, protocol=protocol,
            host="127.0.0.1", dashboard_address=None, memory_limit=0, **options,
        ) as cluster,
    ):  # fmt: skip
        yield cluster.scheduler_address


def stand_in(folder, code, run="raise SystemExit"):
    """Write an lrbook that says its training code is `code`, and trains by `run`."""
    runs = folder / "lrbook" / "runs"
    runs.mkdir(parents=True)
    real = sweeps.ROOT / "lrbook"
    (folder / "lrbook" / "__init__.py").write_text(f"__path__.append({str(real)!r})")
    (runs / "__init__.py").write_text(f"__path__.append({str(real / 'runs')!r})")
    (runs / "record.py").write_text(f"CODE = {code!r}")
    (runs / "experiments.py").write_text("class Experiment: pass")
    (runs / "sweep.py").write_text(f"import time\ndef _run(experiment, key): {run}")
    return str(folder)


def nothing(folder):
    """Write what makes a worker one that has no lrbook."""
    (folder / "lrbook.py").write_text("raise ModuleNotFoundError(\"No module named 'lrbook'\")")
    return str(folder)


def wait_for_workers(address, count):
    with sweep.Client(address) as client:
        client.wait_for_workers(count, timeout=sweeps.PATIENCE)


# From the network --------------------------------------------------------------------------


def test_a_running_sweep_has_no_socket_but_on_the_loopback(tmp_path):
    plan, log = sweeps.plan(tmp_path, 20), tmp_path / "log"
    with sweeps.sweep(plan, "--workers", 1, log=log) as running:
        sweeps.wait_until(lambda: sweeps.keys(tmp_path / "plan.jsonl"), running)
        family = [psutil.Process(running.pid)]
        family += family[0].children(recursive=True)
        sockets = [socket for process in family for socket in process.net_connections("inet")]
    listening = [socket.laddr for socket in sockets if socket.status == psutil.CONN_LISTEN]
    assert len(listening) >= 5, "scheduler, nanny and worker, and their HTTP"
    assert {socket.laddr.ip for socket in sockets} == {"127.0.0.1"}, sockets


@pytest.fixture
def certificate(tmp_path):
    """Return the settings of Dask for a self-signed pair."""
    key, pem = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", pem], check=True, capture_output=True)
    roles = "client", "scheduler", "worker"
    files = {
        f"{role}.{name}": str(f) for role in roles for name, f in (("key", key), ("cert", pem))
    }
    return {f"distributed.comm.tls.{name}": f for name, f in {**files, "ca-file": str(pem)}.items()}


def test_a_cluster_with_tls_is_reached_by_dask_s_settings(tmp_path, certificate, trained):
    path = tmp_path / "runs.jsonl"
    with dask.config.set(certificate):
        security = Security(require_encryption=True)
    with threads(protocol="tls://", security=security) as address:
        assert address.startswith("tls://")
        with pytest.raises(
            sweep.SweepError, match=r"the Dask scheduler at tls://.* can't be asked"
        ):
            sweep.sweep(EXPERIMENTS, path, address)
        assert store.read(path) == []
        with dask.config.set(certificate):
            assert sweep.sweep(EXPERIMENTS, path, address).recorded == 8


# Workers that aren't what they should be ---------------------------------------------------


def test_a_smoke_worker_records_nothing(tmp_path):
    path = tmp_path / "runs.jsonl"
    with (
        sweeps.cluster(tmp_path, workers=1, LRBOOK_SMOKE="1") as scheduler,
        pytest.raises(sweep.SweepError, match="no worker is left that can train: LRBOOK_SMOKE"),
    ):
        sweep.sweep(EXPERIMENTS, path, scheduler.address)
    assert store.read(path) == []


@pytest.mark.parametrize(
    ("lie", "problem"),
    [
        ({"data": "smoke"}, "data is 'smoke', not 'full'"),
        ({"seed": 9}, "seed is 9, not 0"),
        ({"test_acc": [0.8] * 2}, "test_acc has 2 epochs, not 30"),
    ],
)
def test_what_is_no_run_of_its_experiment_is_not_recorded(tmp_path, monkeypatch, lie, problem):
    path = tmp_path / "runs.jsonl"
    monkeypatch.setattr(Experiment, "run", lambda experiment: history(experiment, **lie))
    with threads() as address, pytest.raises(sweep.SweepError, match=problem):
        sweep.sweep(EXPERIMENTS, path, address)
    assert store.read(path) == []


def test_a_worker_with_other_training_code_is_let_go(tmp_path, trained, capsys):
    other = stand_in(tmp_path / "other", "0" * 64)
    path, log = tmp_path / "runs.jsonl", tmp_path / "log"
    with threads() as address, sweeps.worker(address, log, PYTHONPATH=other) as worker:
        wait_for_workers(address, 2)
        report = sweep.sweep(EXPERIMENTS, path, address)
        worker.wait(sweeps.PATIENCE)
    assert (report.recorded, report.left, report.failures) == (8, 0, {})
    reason = "its lrbook trains with other code than the sweep's"
    assert list(report.retired.values()) == [reason]
    assert f"1 worker let go: {reason}" in str(report)
    assert "can't train and was let go" in capsys.readouterr().err
    assert len(store.read(path)) == 8


def test_a_worker_without_lrbook_is_let_go(tmp_path, trained):
    path, log = tmp_path / "runs.jsonl", tmp_path / "log"
    with threads() as address, sweeps.worker(address, log, PYTHONPATH=nothing(tmp_path)):
        wait_for_workers(address, 2)
        report = sweep.sweep(EXPERIMENTS, path, address)
    assert (report.recorded, report.failures) == (8, {})
    assert "No module named 'lrbook'" in str(report)


def test_workers_that_all_lack_lrbook_are_told_of_in_seconds(tmp_path):
    path = tmp_path / "runs.jsonl"
    with (
        ThreadPoolExecutor() as pool,
        sweeps.cluster(tmp_path, workers=2, PYTHONPATH=nothing(tmp_path)) as scheduler,
    ):
        wait_for_workers(scheduler.address, 2)
        sweeping = pool.submit(sweep.sweep, EXPERIMENTS, path, scheduler.address)
        with pytest.raises(sweep.SweepError, match=r"no worker is left.*No module named 'lrbook'"):
            sweeping.result(sweep.PATIENCE)
    assert store.read(path) == []


def test_a_sweep_that_lost_its_last_worker_says_so_and_ends(tmp_path, monkeypatch, capsys):
    started = tmp_path / "started"
    run = f"open({str(started)!r}, 'w').close(); time.sleep(600)"
    endless = stand_in(tmp_path / "other", record.CODE, run)
    path, log = tmp_path / "runs.jsonl", tmp_path / "log"
    with (
        ThreadPoolExecutor() as pool,
        sweeps.cluster(tmp_path, workers=0) as scheduler,
        sweeps.worker(scheduler.address, log, PYTHONPATH=endless) as worker,
    ):
        wait_for_workers(scheduler.address, 1)
        monkeypatch.setattr(sweep, "REPLACEMENT", 5)
        sweeping = pool.submit(sweep.sweep, EXPERIMENTS, path, scheduler.address)
        sweeps.wait_until(started.exists, worker)
        os.killpg(worker.pid, signal.SIGKILL)
        with pytest.raises(sweep.SweepError, match=r"no worker is left.*0 runs were recorded, 8"):
            sweeping.result(sweeps.PATIENCE)
    assert "no worker is left; waiting 5 s for another" in capsys.readouterr().err


def test_workers_that_are_there_are_seen_always():
    often = {"distributed.client.scheduler-info-interval": "1ms"}
    with threads(2) as address, dask.config.set(often), sweep.Client(address) as client:
        assert {len(crew.present(client)) for _ in range(300)} == {2}


def test_a_run_whose_worker_is_killed_goes_to_another(tmp_path, trained):
    started = tmp_path / "started"
    run = f"open({str(started)!r}, 'w').close(); time.sleep(600)"
    endless = stand_in(tmp_path / "other", record.CODE, run)
    path, log = tmp_path / "runs.jsonl", tmp_path / "log"
    with (
        ThreadPoolExecutor() as pool,
        threads() as address,
        sweeps.worker(address, log, PYTHONPATH=endless) as worker,
    ):
        wait_for_workers(address, 2)
        sweeping = pool.submit(sweep.sweep, EXPERIMENTS, path, address)
        sweeps.wait_until(started.exists, worker)
        os.killpg(worker.pid, signal.SIGKILL)
        report = sweeping.result(sweeps.PATIENCE)
    assert (report.recorded, report.left, report.failures) == (8, 0, {})


def test_a_run_that_kills_every_worker_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "LIVES", 1)
    deadly = stand_in(tmp_path / "other", record.CODE, "import os; os._exit(1)")
    path = tmp_path / "runs.jsonl"
    with sweeps.cluster(tmp_path, workers=1, PYTHONPATH=deadly) as scheduler:
        report = sweep.sweep(EXPERIMENTS[:1], path, scheduler.address)
    assert report.failures == {"every worker that took it was killed": 1} and report.left == 1


# The store ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["none/runs.jsonl", "."])
def test_a_store_that_cannot_be_written_is_known_before_anything_starts(
    tmp_path, monkeypatch, name
):
    monkeypatch.setattr(sweep, "_client", None)
    with pytest.raises(store.StoreError, match=r"there is no folder .*none|Is a directory|not a"):
        sweep.sweep(EXPERIMENTS, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


READ_ONLY = """
set -e
mount -t tmpfs tmpfs "$1"
echo '{"schema": 1, "key": "a"}' > "$1/runs.jsonl"
mount -o remount,ro "$1"
exec "$2" -m lrbook sweep "$3" --store "$1/runs.jsonl"
"""


def test_a_read_only_store_is_known_before_anything_starts(tmp_path):
    plan, disk, log = sweeps.plan(tmp_path, 1), tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh"]
    with sweeps.process(*command, disk, sys.executable, plan, log=log) as shell:
        assert shell.wait(sweeps.PATIENCE) == 1
    said = log.read_text()
    assert "runs.jsonl: the run could not be written (Read-only file system)" in said
    assert "run/s" not in said and "Traceback" not in said, said


def test_a_run_that_another_process_recorded_is_not_told_as_one_s_own(tmp_path, monkeypatch):
    path = tmp_path / "runs.jsonl"

    def run(experiment):
        if experiment.seed < 3:  # the other one is faster
            store.append(path, experiment.record(history(experiment)))
        return history(experiment)

    monkeypatch.setattr(Experiment, "run", run)
    with threads() as address:
        report = sweep.sweep(EXPERIMENTS, path, address)
    assert (report.recorded, report.elsewhere, report.left) == (5, 3, 0)
    assert "5 runs recorded, 0 of them dead; 0 left; 3 recorded by another" in str(report)
    assert sorted(json.loads(line)["experiment"]["seed"] for line in path.open()) == [*range(8)]
