"""Two engines are told apart when they differ, seldom when they don't, and the power is stated."""

import numpy as np
import pandas as pd
import pytest

from lrbook.findings import agreement, arms
from lrbook.runs import plan, store

PLAN = store.RUNS / "page_agreement.toml"
RANDOM = np.random.default_rng(0)


def sample(mean, sd, arm="cosine 0.3", n=20, dead=0):
    """Return a table of runs of one arm."""
    accuracies = [*RANDOM.normal(mean, sd, n - dead), *[0.1] * dead]
    dies = [False] * (n - dead) + [True] * dead
    return pd.DataFrame({"arm": arm, "dead": dies, "test_acc": accuracies})


def test_means_and_deaths_are_those_of_the_samples():
    first, second = sample(0.8, 0.01, dead=3), sample(0.7, 0.02)
    row = agreement.compared(first, second).iloc[0]
    assert (row.seeds_first, row.dead_first, row.seeds_second, row.dead_second) == (20, 3, 20, 0)
    assert row.mean_first == first.test_acc[~first.dead].mean()
    assert row.difference == row.mean_first - row.mean_second
    assert row.low < 0.1 < row.high and row.low > 0.05


def test_equal_engines_are_seldom_told_apart_and_the_power_is_as_stated():
    """200 comparisons of three arms: wrong in 5 % at most, right as often as said."""
    wrong = found = 0
    shift = agreement.detectable(0.01, 0.01, 20, 20, 1 - 0.05 / 3)
    for _ in range(200):
        first, second = (
            pd.concat(sample(0.8, 0.01, arm) for arm in ("a", "b", "c")) for _ in range(2)
        )
        said = agreement.compared(first, second)
        wrong += ((said.low > 0) | (said.high < 0)).any()
        second.loc[second.arm == "a", "test_acc"] += shift
        found += agreement.compared(first, second).set_index("arm").high["a"] < 0
    assert wrong < 0.1 * 200
    assert 0.71 * 200 < found < 0.89 * 200


def test_what_cannot_be_compared_is_said():
    with pytest.raises(ValueError, match="other arms"):
        agreement.compared(sample(0.8, 0.01, "a"), sample(0.8, 0.01, "b"))
    with pytest.raises(ValueError, match=r"'cosine 0\.3': 1 living runs are too few"):
        agreement.compared(sample(0.8, 0.01), sample(0.8, 0.01, n=4, dead=3))


def test_page_and_mxnet_end_at_the_same_accuracies():
    """The planned comparison: 20 seeds an engine, three settings, all recorded."""
    planned = [experiment.to_dict() for experiment in plan.read(PLAN)]
    runs = [
        arms.runs(store.read(PLAN.with_name(f"page_agreement{side}.jsonl")), planned)
        for side in ("_page", "")
    ]
    assert [len(side) for side in runs] == [60, 60]
    said = agreement.compared(*runs)
    assert list(said.seeds_first) == list(said.seeds_second) == [20, 20, 20]
    assert ((said.low < 0) & (said.high > 0)).all(), said.to_string()
