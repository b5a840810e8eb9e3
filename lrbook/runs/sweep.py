"""Many experiments at once, on Dask, resumable: what is in the store isn't made again.

The workers train; this process alone writes. Each run goes into the store when it ends, so a
sweep that is killed loses the runs under way and no other.
"""

import contextlib
import io
import signal
import sys
import threading
import time
from collections import Counter, deque
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
)
from tqdm import tqdm

from lrbook.making import smoke
from lrbook.runs import store
from lrbook.runs.check import MisfitError, check
from lrbook.runs.crew import Crew, NoWorkerError, present
from lrbook.training.data import DataError

# The first worker of a cluster may take this long, in seconds.
PATIENCE = 30
# So long a worker is waited for when the last one is gone: a killed one starts anew by itself.
REPLACEMENT = 120
# So many workers may be killed one after the other while they make the same run.
LIVES = 10


class SweepError(Exception):
    """A sweep can't start or go on; the message says why."""


class _UnfitWorkerError(Exception):
    """Every run would fail on this worker; the message says why."""


@dataclass
class Report:
    """What a sweep did.

    Attributes
    ----------
    recorded, left, dead : int
        Runs that it added to the store; experiments of the plan that the store still lacks;
        dead ones among `recorded`.
    elsewhere : int
        Runs that another process recorded meanwhile.
    failures : dict of str to int
        Why a run ended without a result, and how many did.
    retired : dict of str to str
        The workers that couldn't train, by their addresses, and why.
    workers : int
    seconds : float
        Wall time, without the start of the workers.
    interrupted : bool
        Whether Ctrl-C ended it.
    """

    recorded: int = 0
    left: int = 0
    dead: int = 0
    elsewhere: int = 0
    failures: Counter = field(default_factory=Counter)
    retired: dict = field(default_factory=dict)
    workers: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def __str__(self):
        text = f"{self.recorded} runs recorded, {self.dead} of them dead; {self.left} left"
        if self.elsewhere:
            text += f"; {self.elsewhere} recorded by another process meanwhile"
        if self.recorded:
            per_hour = self.recorded / self.seconds * 3600
            text += f"; {per_hour:.0f} runs an hour with {self.workers} workers"
        for reason, count in self.failures.items():
            text += f"\n{count} failed: {reason}"
        for reason, count in Counter(self.retired.values()).items():
            text += f"\n{count} worker{'s' * (count > 1)} let go: {reason}"
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
        Address of a Dask scheduler (``tcp://host:8786``) whose workers have this lrbook. For
        ``tls://…``, Dask's own settings name the certificates.
        Without it, workers are started here, each a process of one thread.
    workers : int, optional
        How many to start: by default one a GPU, or without GPUs one a core.

    Returns
    -------
    Report

    Raises
    ------
    SweepError
        If there is no worker that can train, or the scheduler goes away.
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
    store.check_writable(path)
    with (
        _client(scheduler, workers) as client,
        tqdm(total=len(wanted), initial=len(wanted) - len(todo), unit="run", smoothing=0) as bar,
    ):
        report.workers = len(present(client))
        start = time.monotonic()
        crew = Crew(client, REPLACEMENT, lambda text: bar.write(f"sweep: {text}", file=sys.stderr))
        report.retired = crew.retired
        try:
            _make(deque(todo), path, crew, report, bar)
        except KeyboardInterrupt:
            report.interrupted = True
        except (CancelledError, NoWorkerError, OSError) as error:
            reason = error if isinstance(error, NoWorkerError) else "the scheduler is gone"
            raise SweepError(
                f"{reason}; {report.recorded} runs were recorded, {report.left} are left"
            ) from None
        finally:
            report.seconds = time.monotonic() - start
    return report


def _make(todo, path, crew, report, bar):
    """Have every experiment made once."""
    deaths = Counter()
    while todo or crew:
        for experiment in crew.look():
            deaths[experiment] += 1
            if deaths[experiment] < LIVES:
                todo.appendleft(experiment)
            else:
                report.failures["every worker that took it was killed"] += 1
                bar.update()
        while todo and (worker := crew.idle()):
            experiment = todo.popleft()
            crew.give(worker, experiment, _run, experiment, experiment.key)
        for worker, experiment, record, error in crew.ended():
            try:
                with _whole():
                    _take(experiment, record, error, path, report)
            except _UnfitWorkerError as unfit:
                report.failures[str(unfit)] += 1
                crew.retire(worker, str(unfit))
            counts = {"dead": report.dead, "failed": report.failures.total()}
            bar.set_postfix(counts | {"left": report.left}, refresh=False)
            bar.update()


def _run(experiment, key):
    """Train on a worker; return the record."""
    if experiment.key != key:
        raise _UnfitWorkerError("its lrbook trains with other code than the sweep's")
    if smoke.active():
        raise _UnfitWorkerError("LRBOOK_SMOKE is set there")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # deaths are counted, not told singly
            run = experiment.run()
    except DataError as error:
        raise _UnfitWorkerError(str(error)) from None
    if run.interrupted:
        raise SweepError("interrupted on its worker")
    return experiment.record(run)


@contextlib.contextmanager
def _whole():
    """Hold Ctrl-C back until a run is written and counted: the report says what the store has."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield  # no Ctrl-C arrives here
        return
    came = []
    signal.signal(signal.SIGINT, lambda *signalled: came.append(signalled))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            handler(*came[0])


def _take(experiment, record, error, path, report):
    """Write down what became of one run."""
    if isinstance(error, _UnfitWorkerError):
        raise error
    if error:
        report.failures[f"{type(error).__name__}: {error}"] += 1
        return
    try:
        check(record, experiment)
    except MisfitError as misfit:
        raise _UnfitWorkerError(f"it sent no run of its experiment: {misfit}") from None
    report.left -= 1
    if store.append(path, record):
        report.recorded += 1
        report.dead += record["died"] is not None
    else:
        report.elsewhere += 1


# Workers ----------------------------------------------------------------------------------


_CONFIG = {
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
        except (RuntimeError, TypeError) as error:  # certificates that a setting lacks
            raise SweepError(f"the Dask scheduler at {address} can't be asked: {error}") from None
        with client:
            if not present(client):
                print(f"sweep: no worker yet; waiting {PATIENCE} s for one", file=sys.stderr)
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
        # On the loopback alone: who reaches a worker can run anything on it. No limit of memory:
        # each worker holds the one dataset, and a pause would not free it.
        options = {"host": "127.0.0.1", "nthreads": 1, "memory_limit": 0, "env": card}
        spec[i] = {"cls": Nanny, "options": options}
    here = {"host": "127.0.0.1", "port": 0, "dashboard_address": "127.0.0.1:0", "dashboard": False}
    with dask.config.set(_CONFIG):
        try:
            return SpecCluster(workers=spec, scheduler={"cls": Scheduler, "options": here})
        except RuntimeError as error:
            raise SweepError(f"a worker died while it started: {error}") from error
