"""Real sweeps for the tests: real processes, trainings of a second on the embedded subset."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 900  # seconds that anything may take on a busy machine before it counts as stuck


def plan(folder, seeds):
    """Write a plan of three schedules, of which one is surely dead; return its path."""
    path = folder / "plan.toml"
    path.write_text(
        f'data = "subset"\nnum_epochs = 1\nbatch_size = 1000\nseeds = {seeds}\n'
        '[[experiments]]\npolicy = "constant"\nbase_lr = [0.1, 30.0]\n'
        '[[experiments]]\npolicy = "cosine"\nbase_lr = 0.2\nfinal_lr = 0.01\nhorizon = 1\n'
        "warmup = { duration = 0.5 }\n"
    )
    return path


def environment(**more):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LRBOOK_")}
    return {**clean, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}


@contextlib.contextmanager
def process(*command, log, **env):
    """Start a process in a session of its own; end it and its children afterwards."""
    with Path(log).open("ab") as file:
        started = subprocess.Popen(
            list(map(str, command)),
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment(**env),
            cwd=Path(log).parent,  # where no other lrbook lies
            start_new_session=True,
        )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def sweep(path, *options, log, **env):
    """Start the sweep of a plan, as a reader would."""
    return process(sys.executable, "-m", "lrbook", "sweep", path, *options, log=log, **env)


@contextlib.contextmanager
def cluster(folder, workers=2, **env):
    """Start a Dask scheduler and workers, each in a process of its own; yield its process.

    Its ``address`` is what a sweep is given.
    """
    file = folder / f"scheduler-{time.monotonic_ns()}.json"
    log = folder / "cluster.log"
    dask = sys.executable, "-m", "dask"
    with contextlib.ExitStack() as stack:
        scheduler = stack.enter_context(
            process(
                *dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                "--scheduler-file", file, log=log,
            )
        )  # fmt: skip
        wait_until(lambda: file.exists() and file.read_text(), scheduler)
        scheduler.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            stack.enter_context(worker(scheduler.address, log, **env))
        wait_for_workers(log, workers, scheduler)
        yield scheduler


def worker(address, log, **env):
    """Start a Dask worker of one thread."""
    return process(
        sys.executable, "-m", "dask", "worker", address, "--nthreads", "1", "--no-dashboard",
        "--death-timeout", PATIENCE, log=log, **env,
    )  # fmt: skip


def wait_for_workers(log, count, process=None):
    """Wait until that many workers which write to a log have found their scheduler."""
    wait_until(lambda: log.read_text().count(" Registered to:") >= count, process)


def trainers(sweep):
    """Return the processes in which a sweep's own workers train."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(sweep.pid).children(recursive=True)
        return [child for child in children if _trains(child)]
    return []


def _trains(child):
    with contextlib.suppress(psutil.NoSuchProcess):
        return "multiprocessing.spawn" in " ".join(child.cmdline())
    return False


def wait_until(condition, process=None):
    """Wait for something that must come; fail when its process ends before."""
    start = time.monotonic()
    while not condition():
        assert process is None or process.poll() is None, "it ended"
        assert time.monotonic() - start < PATIENCE, "it never came"
        time.sleep(0.05)


def whole_lines(path):
    """Return a store's content up to its last whole line."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def keys(path):
    """Return the keys of the whole lines of a store."""
    return [json.loads(line)["key"] for line in whole_lines(path).splitlines()]
