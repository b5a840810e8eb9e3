"""Which base rate a schedule is given, by hand-made grids."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrbook.findings import tuned
from lrbook.runs import plan, store
from tests.records import record

MARGIN = 0.005


def grid(schedule="cosine", **accuracies):
    """Return runs at rates ('0.3'), with seeds from 0; of a dead run the accuracy is None."""
    rows = [
        (schedule, float(rate), seed, value is None, 0.1 if value is None else value)
        for rate, values in accuracies.items()
        for seed, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=tuned.NEEDED)


def chosen(**accuracies):
    return tuned.best(grid(**accuracies), MARGIN).loc["cosine"]


def test_the_highest_mean_is_chosen_and_its_neighbours_are_told():
    row = chosen(
        **{"0.2": [0.80, 0.82], "0.3": [0.84, 0.86], "0.4": [0.90, 0.80], "0.5": [0.7, 0.7]}
    )
    assert (row.base_lr, row["mean"], row.ties) == (0.3, pytest.approx(0.85), (0.4,))
    assert (row.below, row.above, row.steps, row.borders_death) == (0.2, 0.4, 0, False)


def test_a_rate_that_kills_a_seed_is_not_chosen_however_good_the_others():
    row = chosen(**{"0.2": [0.80, 0.80], "0.3": [0.85, 0.85], "0.4": [0.99, None]})
    assert (row.base_lr, row.ties, row.above, row.borders_death) == (0.3, (), 0.4, True)
    table = tuned.rates(grid(**{"0.3": [0.8, 0.9], "0.4": [0.99, None]}))
    assert table.allowed.tolist() == [True, False] and table.dead.tolist() == [0, 1]
    assert table["mean"][0] == pytest.approx(0.85) and table.sd[0] == pytest.approx(
        0.0707, abs=1e-4
    )
    assert np.isnan(table["mean"][1]) and np.isnan(table.sd[1])


def test_of_equal_means_the_lower_rate_is_chosen():
    # In floating point the mean of the second is higher by its last bit.
    row = chosen(**{"0.1": [0.7, 0.7, 0.7], "0.3": [0.1, 0.2, 0.3], "0.5": [0.7, 0.7, 0.7]})
    assert (row.base_lr, row.ties, row.steps) == (0.1, (0.5,), -1)
    assert np.isnan(row.below) and row.above == 0.3


def test_ties_lie_less_than_the_margin_lower():
    row = chosen(**{"0.2": [0.847], "0.3": [0.844], "0.4": [0.85]})
    assert (row.base_lr, row.ties, row.steps) == (0.4, (0.2,), 1)
    assert np.isnan(row.above) and not row.borders_death


def test_steps_count_rates_of_the_grid():
    row = chosen(**{"0.1": [0.9], "0.2": [0.8], "0.3": [0.7]})
    assert row.steps == -2


def test_a_schedule_that_dies_at_every_rate_stays_in_the_table():
    runs = pd.concat([grid("a", **{"0.3": [None]}), grid("b", **{"0.3": [0.8]})])
    table = tuned.best(runs, MARGIN)
    assert table.index.tolist() == ["a", "b"] and table.steps.isna().tolist() == [True, False]
    assert np.isnan(table.base_lr["a"]) and table.ties["a"] == ()


def test_no_runs_choose_nothing():
    none = tuned.runs([])
    assert tuned.rates(none).empty and tuned.best(none, MARGIN).empty
    assert tuned.settled(tuned.best(none, MARGIN), [], []) == {}


RATES, STUDY = (
    [e.to_dict() for e in plan.read(store.RUNS / f"{name}.toml")] for name in ("rates", "study")
)


def settled(best):
    """Return the arms of the study when each schedule is best at the rate that `best` says."""
    records = [
        record(e, (0.5, 0.8, 0.8 - abs(e["base_lr"] - best.get(e["policy"], 0.3)))) for e in RATES
    ]
    return tuned.settled(tuned.best(tuned.runs(records, RATES), MARGIN), RATES, STUDY)


def test_a_rate_near_the_reference_is_the_arm_at_the_reference():
    found = settled({"constant": 0.2, "multi_factor": 0.4})
    assert found["constant, tuned"] == "constant 0.3"
    assert found["cosine, tuned"] == "cosine 0.3, horizon 20"
    assert found["multi-factor, tuned"] == "multi-factor 0.3"
    assert found["warmup, cosine, tuned"] == "warmup, cosine 0.3"


def test_another_rate_is_an_arm_of_its_own_once_the_study_has_it():
    assert "constant, tuned" not in settled({"constant": 0.1})
    STUDY.append(next(e for e in STUDY if e["policy"] == "constant") | {"base_lr": 0.1})
    try:
        assert settled({"constant": 0.1})["constant, tuned"] == "constant 0.1"
    finally:
        STUDY.pop()


def test_what_is_wrong_with_the_grid_is_named():
    runs = grid(**{"0.3": [0.8, 0.8], "0.4": [0.9, 0.9]})
    with pytest.raises(ValueError, match=r"cosine at 0\.4 lacks the seeds 1$"):
        tuned.best(runs.head(3), MARGIN)
    with pytest.raises(ValueError, match=r"cosine at 0\.4 has two runs with seed 1"):
        tuned.best(pd.concat([runs, runs.tail(1)]), MARGIN)
    with pytest.raises(ValueError, match="runs lack dead, val_acc"):
        tuned.best(runs.drop(columns=["dead", "val_acc"]), MARGIN)
    with pytest.raises(ValueError, match=r"cosine: the reference must be one of 0\.3, 0\.4, not"):
        tuned.best(runs, MARGIN, reference=0.35)


accuracy = st.none() | st.integers(0, 10_000).map(lambda n: n / 10_000)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(accuracy, min_size=3, max_size=3), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_no_living_rate_is_better_and_the_order_of_runs_says_nothing(accuracies, random):
    runs = grid(**{str(0.3 + k): values for k, values in enumerate(accuracies)})
    row = tuned.best(runs, MARGIN).loc["cosine"]
    means = [np.mean(values) for values in accuracies if None not in values]
    assert np.isnan(row["mean"]) if not means else row["mean"] == pytest.approx(max(means))
    shuffled = runs.iloc[random.sample(range(len(runs)), len(runs))]
    again = tuned.best(shuffled, MARGIN).loc["cosine"]
    pd.testing.assert_series_equal(again, row, check_exact=True)
