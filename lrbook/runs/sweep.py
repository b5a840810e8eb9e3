"""Many experiments at once, on Dask, resumable: what is in the store isn't made again.

The workers train; this process alone writes. Each run goes into the store when it ends, so a
sweep that is killed loses the runs under way and no other.
"""

import contextlib
import io
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import dask
import mxnet as mx
from distributed import (
    CancelledError,
    Client,
    Nanny,
    Scheduler,
    SpecCluster,
    as_completed,
    get_worker,
)
from tqdm import tqdm

from lrbook.making import smoke
from lrbook.runs import store
from lrbook.training.data import DataError

# The first worker of a cluster that is being started may take this long, in seconds.
PATIENCE = 30


class SweepError(Exception):
    """A sweep can't start or go on; the message says why."""


class _UnfitWorkerError(Exception):
    """Every run would fail on this worker; the arguments are its address and why."""


@dataclass
class Report:
    """What a sweep did.

    Attributes
    ----------
    recorded, left, dead : int
        Runs that it added to the store; experiments of the plan that the store still lacks;
        dead ones among `recorded`.
    failures : dict of str to int
        Why a run ended without a result, and how many did.
    workers : int
    seconds : float
        Wall time, without the start of the workers.
    interrupted : bool
        Whether Ctrl-C ended it.
    """

    recorded: int = 0
    left: int = 0
    dead: int = 0
    failures: Counter = field(default_factory=Counter)
    workers: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def __str__(self):
        text = f"{self.recorded} runs recorded, {self.dead} of them dead; {self.left} left"
        if self.recorded:
            per_hour = self.recorded / self.seconds * 3600
            text += f"; {per_hour:.0f} runs an hour with {self.workers} workers"
        for reason, count in self.failures.items():
            text += f"\n{count} failed: {reason}"
        return text


def sweep(experiments, path, scheduler=None, workers=None):
    """Make the experiments that a store lacks, and record each run when it ends.

    A run that dies is a result. A run that fails, say on a damaged data file, is told in the
    report and isn't recorded, and the others go on. Ctrl-C ends a sweep early.

    Parameters
    ----------
    experiments : sequence of lrbook.runs.experiments.Experiment
    path : path-like
        The store; other processes may append to it meanwhile.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://host:8786``) whose workers have this lrbook.
        Without it, workers are started here, each a process of one thread.
    workers : int, optional
        How many to start: by default one a GPU, or without GPUs one a core.

    Returns
    -------
    Report

    Raises
    ------
    SweepError
        If there is no worker, or the scheduler goes away.
    lrbook.runs.store.StoreError
        If the store can't be read or written; what it holds stays.
    """
    if smoke.active():
        raise SweepError("LRBOOK_SMOKE is set: numbers of a smoke run aren't recorded")
    wanted = {experiment.key: experiment for experiment in experiments}
    done = {run["key"] for run in store.read(path)} if Path(path).exists() else set()
    todo = [experiment for key, experiment in wanted.items() if key not in done]
    # Seed by seed: a sweep that is cut short has every arm.
    todo.sort(key=lambda experiment: experiment.seed)
    report = Report(left=len(todo))
    if not todo:
        return report
    with (
        _client(scheduler, workers) as client,
        tqdm(total=len(wanted), initial=len(wanted) - len(todo), unit="run", smoothing=0) as bar,
    ):
        report.workers = len(_workers(client))
        start = time.monotonic()
        pending = iter(todo)
        running = as_completed()
        try:
            _submit(client, pending, running)
            for future in running:
                _take(future, path, report, client)
                _submit(client, pending, running)
                counts = {"dead": report.dead, "failed": report.failures.total()}
                bar.set_postfix(counts | {"left": report.left}, refresh=False)
                bar.update()
        except KeyboardInterrupt:
            report.interrupted = True
        except (CancelledError, OSError):
            raise SweepError(
                f"the scheduler is gone; {report.recorded} runs were recorded, "
                f"{report.left} are left"
            ) from None
        finally:
            report.seconds = time.monotonic() - start
    return report


def _submit(client, pending, running):
    """Give every worker that waits for one a run."""
    # No more at a time: a worker that can't train would fail all that wait, in a second. But at
    # least one, when all workers are being started anew.
    free = max(1, len(_workers(client))) - running.count()
    for experiment in itertools.islice(pending, max(0, free)):
        running.add(client.submit(_run, experiment, experiment.key, key=experiment.key))


def _run(experiment, key):
    """Train on a worker; return the record."""
    if experiment.key != key:
        raise SweepError("this worker's lrbook trains with other code than the sweep's")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # deaths are counted, not told singly
            run = experiment.run()
    except DataError as error:
        raise _UnfitWorkerError(get_worker().address, str(error)) from None
    if run.interrupted:
        raise SweepError("interrupted on its worker")
    return experiment.record(run)


def _take(future, path, report, client):
    """Write down what became of one run."""
    try:
        record = future.result()
    except CancelledError:  # by the loss of the scheduler; it is no result of this run
        raise
    except _UnfitWorkerError as error:
        worker, reason = error.args
        report.failures[reason] += 1
        client.retire_workers([worker])
        if not _workers(client):
            raise SweepError(f"no worker is left that can train: {reason}") from None
        return
    except Exception as error:
        report.failures[f"{type(error).__name__}: {error}"] += 1
        return
    finally:
        future.release()
    store.append(path, record)
    report.recorded += 1
    report.left -= 1
    report.dead += record["died"] is not None


def _workers(client):
    return client.scheduler_info(n_workers=-1)["workers"]


# Workers ----------------------------------------------------------------------------------


_CONFIG = {
    # A worker that is killed may be killed again: its run starts anew on the next.
    "distributed.scheduler.allowed-failures": 10,
    "distributed.worker.profile.enabled": False,
    # A terminal sends Ctrl-C to the workers too, but it is the sweep that stops them.
    "distributed.worker.preload": ["import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"],
    # Two threads that wait for each other are slower than one as soon as a core is busy.
    "distributed.nanny.pre-spawn-environ.OMP_NUM_THREADS": "1",
    "distributed.nanny.pre-spawn-environ.TQDM_DISABLE": "1",
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "critical",
}


@contextlib.contextmanager
def _client(address, workers):
    with (
        _local_cluster(workers) if address is None else contextlib.nullcontext(address) as scheduler
    ):
        try:
            client = Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise SweepError(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise SweepError(f"the Dask scheduler at {address} has no workers") from None
            yield client


def _local_cluster(workers):
    """Start workers on this machine, each a process of one thread with a GPU if there are any."""
    gpus = mx.context.num_gpus()
    count = workers or gpus or dask.system.CPU_COUNT
    spec = {}
    for i in range(count):
        card = {"CUDA_VISIBLE_DEVICES": str(i % gpus)} if gpus else {}
        # No limit of memory: each worker holds the one dataset, and a pause would not free it.
        options = {"nthreads": 1, "memory_limit": 0, "env": card}
        spec[i] = {"cls": Nanny, "options": options}
    here = {"host": "127.0.0.1", "port": 0, "dashboard_address": "127.0.0.1:0", "dashboard": False}
    with dask.config.set(_CONFIG):
        try:
            return SpecCluster(workers=spec, scheduler={"cls": Scheduler, "options": here})
        except RuntimeError as error:
            raise SweepError(f"a worker died while it started: {error}") from error
