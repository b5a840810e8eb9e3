"""The kernel's side of a panel: recorded runs for the chart, and training what its sliders say.

Without a kernel nobody answers the chart: the published page reads the runs from a file.
"""

import json
import os
import reprlib
import subprocess
import sys
import threading
from collections import deque
from dataclasses import fields
from pathlib import Path

from lrbook.live import atlas
from lrbook.making import smoke
from lrbook.runs import store
from lrbook.schedules import policies
from lrbook.training import data

# Where *Keep this run* puts it: in the folder of the notebook.
KEPT = Path("kept_runs.jsonl")

# What trains in a page, one text.
_ENGINE = Path(__file__).parent / "bundles/worker.js"

_TRAINING = ("data", "num_epochs", "last_batch")
_POLICY = {cls.__name__: name for name, cls in policies.POLICIES.items()}


class Assistant:
    """Answers one chart's messages.

    Parameters
    ----------
    chart : anywidget.AnyWidget
        Sends ``{"ask": "runs" | "train" | "stop" | "keep" | "engine"}``, to train with ``kind``
        and ``p``, the class and the parameters of a schedule.
    """

    def __init__(self, chart):
        self._chart = chart
        self._process = None
        self._record = None
        self.follower = None  # the thread that hears the training, to wait for
        chart.on_msg(self._answer)

    def _answer(self, _, message, __):
        try:
            match message:
                case {"ask": "runs"}:
                    self._send_runs()
                case {"ask": "train", "kind": str(kind), "p": dict(p)} if kind in _POLICY:
                    self._train(kind, p)
                case {"ask": "stop"}:
                    self._stop()
                case {"ask": "keep"}:
                    self._keep()
                case {"ask": "engine"}:
                    self._hand_over()
                case _:
                    raise ValueError(f"The kernel can't answer {reprlib.repr(message)}")
        except (store.StoreError, ValueError, OSError) as error:
            self._chart.send({"problem": str(error), "state": "idle"})

    def _send_runs(self):
        self._chart.send({"runs": atlas.page_data(_runs())})

    def _train(self, kind, p):
        self._stop()
        self._record = None
        settings = _experiment(kind, p)
        command = [sys.executable, "-m", "lrbook.runs.one_run", json.dumps(settings)]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TQDM_DISABLE": "1"},
            start_new_session=True,  # an interrupt of the kernel isn't meant for it
        )
        self.follower = threading.Thread(
            target=self._follow, args=(self._process, settings), daemon=True
        )
        self.follower.start()

    def _hand_over(self):
        """Send what trains in the page: the engine as a text, and the packed images."""
        files = {name: (data.SUBSET_FOLDER / name).read_bytes() for name in data.SHA256["subset"]}
        self._chart.send(
            {"engine": _ENGINE.read_text("utf-8"), "files": [*files]}, [*files.values()]
        )

    def _stop(self):
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def _follow(self, process, settings):
        """Tell the chart what the training process tells."""
        errors = deque(maxlen=1)
        drain = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
        drain.start()
        said = {}
        for line in process.stdout:
            said = json.loads(line)
            if "problem" not in said:
                # A smoke run has no result that could be kept.
                self._record = None if smoke.active() else said.get("record")
                self._tell(said.get("record", said), settings)
        process.wait()
        drain.join()
        if "problem" in said:
            self._chart.send({"problem": said["problem"], "state": "idle"})
        elif "record" not in said and process.returncode < 0:
            self._chart.send({"words": "Stopped before the end.", "state": "idle"})
        elif "record" not in said:
            reason = errors[0].strip() if errors else f"it ended with {process.returncode}"
            self._chart.send({"problem": f"The training failed: {reason}", "state": "idle"})

    def _tell(self, run, settings):
        """Send the chart a run, as far as it has come."""
        curves = {"loss": run["train_loss"], "train": run["train_acc"], "test": run["test_acc"]}
        died, done = run.get("died"), len(run["train_loss"])
        drawn = {**curves, "seed": settings["seed"], "died": died, "epochs": settings["num_epochs"]}
        last = (
            f"train loss {_rounded(run['train_loss'][-1])}, test accuracy {run['test_acc'][-1]:.3f}"
        )
        words = f"Seed {settings['seed']}, epoch {done} of {settings['num_epochs']} on "
        words += f"{run['device']}: {last}."
        if died:
            words += f" It died after epoch {died}."
        state = {"state": "whole" if self._record else "idle"} if "key" in run else {}
        self._chart.send({"run": drawn, "words": words, **state})

    def _keep(self):
        if self._record is None:
            return
        store.append(KEPT, self._record)
        self._record = None
        self._chart.send({"words": f"Kept in {KEPT.absolute()}.", "state": "idle"})
        self._send_runs()


def _rounded(loss):
    return "not a number" if loss is None else f"{loss:.3f}"


def _runs():
    runs = store.read(atlas.PATH)
    return [*runs, *store.read(KEPT)] if KEPT.exists() else runs


def _experiment(kind, p):
    """Return the settings of an experiment, with the first seed that isn't recorded of it."""
    own = {field.name for field in fields(policies.POLICIES[_POLICY[kind]])}
    inner = {name: p[name] for name in p if name in own}
    # As the recorded runs were made that it is drawn over.
    recorded = _runs()
    usual = {name: recorded[0]["experiment"][name] for name in _TRAINING}
    settings = {"policy": _POLICY[kind], **inner, **usual}
    if p.get("duration"):
        settings["warmup"] = {name: p[name] for name in p if name not in inner}
    taken = {
        run["seed"]
        for run in recorded
        if {name: run["experiment"].get(name) for name in settings} == settings
        and ("warmup" in run["experiment"]) == ("warmup" in settings)
    }
    return {**settings, "seed": next(seed for seed in range(len(taken) + 1) if seed not in taken)}
