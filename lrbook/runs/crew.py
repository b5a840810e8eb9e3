"""The workers of a Dask cluster: each is known to be fit before it trains, one run at a time."""

import pkgutil
import time

from distributed import wait

from lrbook.runs import record

# The workers are looked at so often when no run ends, in seconds.
_GLANCE = 1
# A result that its worker takes longer to send is asked for again: the worker may be gone.
_FETCH = 10
# A worker that still holds an answer refuses to go: it is told again, so often, a glance apart.
_TRIES = 20


def present(client):
    """Return the addresses of a cluster's workers."""
    # Not scheduler_info: a thread of the client's empties its answer every few seconds.
    return set(client.nthreads())


class NoWorkerError(Exception):
    """No worker is left; the message says why."""


class Crew:
    """Who trains what.

    Parameters
    ----------
    client : distributed.Client
    patience : float
        When the last worker is gone, a new one is waited for, so many seconds.
    say : callable
        Called with what the user should know at once, a str.

    Attributes
    ----------
    retired : dict of str to str
        The workers that can't train, by their addresses, and why.
    """

    def __init__(self, client, patience, say):
        self.retired = {}
        self._client, self._patience, self._say = client, patience, say
        self._fit = set()
        self._probes = {}  # a worker of each future
        self._runs = {}  # a worker and an experiment of each future
        self._alone_since = None

    def __len__(self):
        """Count the runs under way."""
        return len(self._runs)

    def look(self):
        """See which workers came and went; return the experiments whose worker was lost.

        Raises
        ------
        NoWorkerError
            If there has been no worker for too long.
        """
        here = self._present()
        for worker in here - self._fit - set(self._probes.values()):
            # By a function of Python's own: one of lrbook's ends a worker that has no lrbook.
            future = self._submit(worker, pkgutil.resolve_name, f"{record.__name__}:CODE")
            self._probes[future] = worker
        self._fit &= here
        self._probes = {f: worker for f, worker in self._probes.items() if worker in here}
        lost = [f for f, (worker, _) in self._runs.items() if worker not in here]
        self._wait_for_somebody(here)
        return [self._runs.pop(future)[1] for future in lost]

    def _present(self):
        return present(self._client) - set(self.retired)

    def _submit(self, worker, function, *arguments):
        return self._client.submit(function, *arguments, workers=[worker], pure=False)

    def _wait_for_somebody(self, here):
        now = time.monotonic()
        if here:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
            self._say(f"no worker is left; waiting {self._patience:g} s for another")
        elif now - self._alone_since > self._patience:
            raise NoWorkerError(f"no worker is left, and none came in {self._patience:g} s")

    def idle(self):
        """Return a fit worker without a run, or None."""
        return min(self._fit - {worker for worker, _ in self._runs.values()}, default=None)

    def give(self, worker, experiment, function, *arguments):
        """Have a worker call a function for an experiment."""
        self._runs[self._submit(worker, function, *arguments)] = worker, experiment

    def ended(self):
        """Wait a moment; yield worker, experiment, and record or error of each run that ended."""
        try:
            under_way = [*self._probes, *self._runs]
            ended = wait(under_way, _GLANCE, "FIRST_COMPLETED").done if under_way else ()
        except TimeoutError:
            return
        if not under_way:
            time.sleep(_GLANCE)
        for future in ended:
            try:
                if future.status not in ("error", "finished"):
                    continue  # lost with its worker
                error = future.exception(_FETCH)
                result = None if error else future.result(_FETCH)
            except TimeoutError:
                continue
            future.release()  # a worker that holds an answer can't be retired
            if future in self._probes:
                self._judge(self._probes.pop(future), result, error)
            else:
                yield *self._runs.pop(future), result, error

    def _judge(self, worker, code, error):
        if error:
            self.retire(worker, f"it has no lrbook that can train ({error})")
        elif code != record.CODE:
            self.retire(worker, "its lrbook trains with other code than the sweep's")
        else:
            self._fit.add(worker)

    def retire(self, worker, reason):
        """Let a worker go that can't train.

        Raises
        ------
        NoWorkerError
            If it was the last one.
        """
        self.retired[worker] = reason
        self._fit.discard(worker)
        self._say(f"the worker {worker} can't train and was let go: {reason}")
        for _ in range(_TRIES):
            if self._client.retire_workers([worker]) or worker not in present(self._client):
                break
            time.sleep(_GLANCE)
        if not self._present():
            raise NoWorkerError(f"no worker is left that can train: {reason}")
