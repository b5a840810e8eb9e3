"""The atlas: what is recorded, and how small it goes to the page."""

import base64
import gzip
import json

import numpy as np
import pytest

from lrbook.live import atlas
from lrbook.runs import plan, store
from lrbook.schedules import Warmup
from lrbook.schedules.policies import POLICIES, rises

RUNS = store.read(atlas.PATH)
PLANNED = plan.read(store.RUNS / "atlas.toml")


def curves(page):
    """Yield each run of packed data as setting, seed, death and its three curves."""
    numbers = np.frombuffer(base64.b64decode(page["curves"]), "<u2")
    at = 0
    for setting in page["settings"]:
        for seed, died, epochs in setting["runs"]:
            values = numbers[at : at + 3 * epochs].reshape(3, epochs)
            yield setting, seed, died, values
            at += 3 * epochs
    assert at == len(numbers)


def test_the_plan_is_recorded_and_nothing_else():
    recorded, planned = [run["experiment"] for run in RUNS], [e.to_dict() for e in PLANNED]
    assert sorted(map(json.dumps, recorded)) == sorted(map(json.dumps, planned))


def test_every_setting_has_three_seeds_and_there_are_enough():
    seeds = {}
    for run in RUNS:
        setting = {k: v for k, v in run["experiment"].items() if k != "seed"}
        seeds.setdefault(json.dumps(setting), set()).add(run["seed"])
    assert len(seeds) >= 150
    assert all(found == {0, 1, 2} for found in seeds.values())


@pytest.mark.parametrize("experiment", dict.fromkeys(e.schedule for e in PLANNED), ids=repr)
def test_the_sliders_reach_every_setting(experiment):
    owners = [experiment]
    if isinstance(experiment, Warmup):
        owners.append(experiment.schedule)
    for owner in owners:
        for name, parameter in owner.parameters().items():
            assert parameter.minimum <= getattr(owner, name) <= parameter.maximum, name


def test_the_rates_go_from_far_too_small_to_surely_dead():
    for cls in {POLICIES[run["experiment"]["policy"]] for run in RUNS}:
        runs = [r for r in RUNS if POLICIES[r["experiment"]["policy"]] is cls]
        plain = [r for r in runs if "warmup" not in r["experiment"]]
        rates = [r["experiment"]["base_lr"] for r in plain]
        lowest = [r for r in plain if r["experiment"]["base_lr"] == min(rates)]
        highest = [r for r in plain if r["experiment"]["base_lr"] == max(rates)]
        best = max(r["test_acc"][-1] for r in plain)
        assert np.mean([r["test_acc"][-1] for r in lowest]) < best - 0.05, cls
        assert all(r["died"] for r in highest), cls


def test_it_is_small():
    assert atlas.PATH.stat().st_size <= 2_000_000
    text = json.dumps(atlas.page_data(RUNS), separators=(",", ":"))
    assert len(gzip.compress(text.encode())) <= 300_000


def test_the_page_has_every_run_exactly_but_for_rounding():
    packed = {}
    for setting, seed, died, values in curves(atlas.page_data(RUNS)):
        packed[json.dumps([setting["kind"], setting["p"], seed])] = died, values
    assert len(packed) == len(RUNS)
    for run in RUNS:
        settings = run["experiment"]
        cls = POLICIES[settings["policy"]]
        p = {name: settings[name] for name in cls.__dataclass_fields__}
        if not rises(cls):
            p |= settings.get("warmup", {"duration": 0.0, "start_lr": 0.0, "mode": "linear"})
        died, values = packed[json.dumps([cls.__name__, p, run["seed"]])]
        assert died == run["died"]
        loss, train, test = np.where(values == 65535, np.nan, values * 1e-4)
        recorded = np.array([np.nan if v is None else v for v in run["train_loss"]])
        np.testing.assert_allclose(loss, np.minimum(recorded, 6.5534), atol=0.5001e-4)
        np.testing.assert_allclose(train, run["train_acc"], atol=1e-9)
        np.testing.assert_allclose(test, run["test_acc"], atol=1e-9)


def test_a_loss_without_a_number_and_one_off_the_scale():
    run = {**RUNS[0], "train_loss": [None, 1e6], "train_acc": [0.1] * 2, "test_acc": [0.1] * 2}
    ((_, _, _, values),) = curves(atlas.page_data([run]))
    assert values[0].tolist() == [65535, 65534]


def test_runs_of_two_trainings_do_not_mix():
    other = {**RUNS[0], "data": "full"}
    with pytest.raises(ValueError, match="runs of one dataset and length are needed"):
        atlas.page_data([RUNS[0], other])
