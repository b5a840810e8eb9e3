"""The laboratory: the place of its charts, its script, and the recorded runs to be beaten."""

import html
import json
import shutil
import statistics
from dataclasses import asdict
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lrbook import live
from lrbook.live import atlas
from lrbook.runs import store
from lrbook.schedules import Constant, Cosine, Warmup
from lrbook.schedules.policies import POLICIES
from lrbook.training.data import load_fashion_mnist

# The schedule that the first page shows, and a rate to be careful with.
TARGET = Warmup(Cosine(0.3, 0.01, 15), 5)
NAME = "a warmup of 5 epochs, then a cosine from 0.3 to 0.01 at epoch 20"
HOT = Constant(0.7)
SCRIPT = "laboratory.js"
NOTE = """Here you would draw a learning-rate schedule and train the book's network with it, on your
own machine. That needs scripts, which are switched off here or couldn't be loaded."""


class Laboratory(SphinxDirective):
    """The laboratory's place, and under it in words what is to be beaten."""

    def run(self):
        """Return the place, which holds a note until the script fills it, and a paragraph."""
        self.env.note_dependency(str(atlas.PATH))
        self.env.metadata[self.env.docname]["laboratory"] = "yes"
        runs = store.read(atlas.PATH)
        target = json.dumps(page_data(runs), separators=(",", ":"))
        place = f'<div class="laboratory" data-target="{html.escape(target)}"><p>{NOTE}</p></div>'
        return [nodes.raw("", place, format="html"), *self.parse_text_to_nodes(words(runs))]


def of(runs, schedule):
    """Return the runs of a schedule."""
    wanted = _setting(schedule)
    return [run for run in runs if wanted.items() <= run["experiment"].items()]


def _setting(schedule):
    warmup = {}
    if isinstance(schedule, Warmup):
        warmup = {"warmup": asdict(schedule)}
        del warmup["warmup"]["schedule"]
        schedule = schedule.schedule
    policy = next(name for name, cls in POLICIES.items() if type(schedule) is cls)
    return {"policy": policy, **asdict(schedule), **warmup}


def page_data(runs):
    """Return the target as the page's charts take it: a name, and the curves of its runs."""
    return {
        "name": NAME,
        "runs": [
            {
                "seed": run["seed"],
                "died": run["died"] or 0,
                "loss": _rounded(run["train_loss"]),
                "train": _rounded(run["train_acc"]),
                "test": _rounded(run["test_acc"]),
            }
            for run in of(runs, TARGET)
        ],
    }


def _rounded(values):
    return [None if value is None else round(value, 4) for value in values]


def words(runs):
    """Return a paragraph on the target: its accuracy and spread, deaths, number of updates."""
    found = of(runs, TARGET)
    ends = [run["test_acc"][-1] for run in found if not run["died"]]
    said = [f"**The target** is {NAME}, {len(found)} recorded runs on the same 10,000 images."]
    said += [f"Test accuracy after 30 epochs: {statistics.mean(ends):.3f} on average."]
    if len(ends) > 1:
        said += [f"Their standard deviation is {statistics.stdev(ends):.3f}."]
    said += [f"{_died(found)} died; at a constant {HOT.base_lr:g}, {_died(of(runs, HOT))} did."]
    own = len(load_fashion_mnist("subset").train_labels) // found[0]["batch_size"]
    if (updates := found[0]["updates_per_epoch"]) != own:
        said += [
            f"Those runs made {updates} updates an epoch, the last on a small minibatch; yours "
            f"leave what fills no minibatch out and make {own}."
        ]
    return "\n".join(said)


def _died(runs):
    return f"{sum(run['died'] is not None for run in runs)} of {len(runs)}"


def _add_script(app, pagename, templatename, context, doctree):
    if "laboratory" in app.env.metadata.get(pagename, {}):
        app.add_js_file(SCRIPT, type="module")


def _copy_script(app, exception):
    if exception is None and app.builder.format == "html":
        bundle = Path(live.__file__).parent / "bundles" / SCRIPT
        shutil.copy(bundle, Path(app.outdir, "_static"))


def setup(app):
    """Register the directive and what it needs."""
    app.add_directive("laboratory", Laboratory)
    app.connect("html-page-context", _add_script)
    app.connect("build-finished", _copy_script)
    return {"parallel_read_safe": True}
