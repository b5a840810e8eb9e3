"""What a decay gains: recovered from simulated records, by rules that luck doesn't bend."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lrbook.findings import minibatch
from lrbook.findings.minibatch import AVERAGE, CONSTANT, DECAY
from lrbook.findings.questions import HIGHER, LOWER, SAME, UNDECIDED
from lrbook.runs import plan, store

MARGIN = 0.005
PLANS = {"minibatch": 13, "minibatch_labels": 6, "minibatch_long": 5, "minibatch_full": 5}


def record(policy, size, base_lr, seed, acc, average=0.8, died=None, floor=0.1, **more):
    """Return what a store holds of a run, as far as it is read here."""
    ends = {"horizon": 30, "final_lr": 0.0} if policy == "cosine" else {}
    experiment = {"policy": policy, "data": "subset", "num_epochs": 30, "batch_size": size}
    experiment |= {"base_lr": base_lr, "seed": seed, "average_since": 21} | ends | more
    losses = {"train_loss": None, "last_train_loss": None}
    if died is None and floor is not None:
        losses = {"train_loss": 0.2, "last_train_loss": 0.2 + floor}
    tests = [] if died else [0.5, average]
    return {
        "experiment": experiment,
        "interrupted": False,
        "died": died,
        "test_acc": [0.5, acc],
        "average": {"since": 21, "test_acc": tests, **losses},
    }


def pair(size, base_lr, seed, constant, decay, average=0.8, **more):
    """Return the two records of a setting and a seed."""
    return [
        record("constant", size, base_lr, seed, constant, average, **more),
        record("cosine", size, base_lr, seed, decay, **more),
    ]


def table(*pairs):
    return minibatch.runs([one for two in pairs for one in two])


def planned(name, gain, noise=0.002, seeds=10):
    """Return the plan's runs as they would be if a decay gained `gain(rate / size)`."""
    random = np.random.default_rng(0)
    luck = random.normal(0, 0.02, seeds)  # shared by all runs of a seed
    records = []
    for e in plan.read(store.RUNS / f"{name}.toml"):
        if e.seed >= seeds:
            continue
        settings = e.to_dict()
        acc = 0.8 + luck[e.seed] + random.normal(0, noise)
        if settings["policy"] == "cosine":
            acc += gain(settings["base_lr"] / e.batch_size)
        more = {name: settings[name] for name in ("data", "num_epochs", "average_since")}
        more |= {name: settings[name] for name in ("horizon", "random_labels") if name in settings}
        size, rate, average = e.batch_size, settings["base_lr"], 0.81 + luck[e.seed]
        records.append(record(settings["policy"], size, rate, e.seed, acc, average, **more))
    return minibatch.runs(records)


# The plans


@pytest.mark.parametrize(("name", "count"), PLANS.items())
def test_every_planned_run_has_its_rows_and_a_plan_says_how_much_it_asks(name, count):
    runs = planned(name, lambda noise: 0.0)
    experiments = plan.read(store.RUNS / f"{name}.toml")
    assert len(runs) == 1.5 * len(experiments)
    assert runs.groupby([*minibatch.SETTING, "arm"]).size().eq(10).all()
    text = (store.RUNS / f"{name}.toml").read_text()
    assert int(re.search(r"(\d+) comparisons", text)[1]) == count
    assert len(minibatch.answers(runs, MARGIN)) == count


def test_the_sizes_share_a_rate_and_a_ratio():
    runs = planned("minibatch", lambda noise: 0.0, seeds=1)
    rates = runs.groupby("base_lr").batch_size.nunique()
    assert rates[rates == 5].index.tolist() == [0.075, 0.15]
    same = np.isclose(runs.base_lr / runs.batch_size, 0.3 / 256)
    assert runs.batch_size[same].nunique() == 5


# The table


def test_a_run_at_one_rate_has_a_second_row_for_its_average():
    runs = table(pair(16, 0.1, 3, 0.81, 0.85, average=0.84, floor=0.07, random_labels=0.2))
    assert runs[["arm", "test_acc"]].values.tolist() == [
        [AVERAGE, 0.84],
        [CONSTANT, 0.81],
        [DECAY, 0.85],
    ]
    assert runs.floor.tolist() == pytest.approx([np.nan, 0.07, np.nan], nan_ok=True)
    assert runs.loc[0, minibatch.SETTING].tolist() == ["subset", 30, 0.2, 16, 0.1]


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        ("factor", {}),
        ("cosine", {"horizon": 20}),
        ("cosine", {"final_lr": 0.01}),
        ("constant", {"warmup": {"duration": 5}}),
    ],
)
def test_another_schedule_is_an_error(policy, more):
    with pytest.raises(ValueError, match="a constant rate, or with a cosine to 0 at the last"):
        minibatch.runs([record(policy, 16, 0.1, 0, 0.8, **more)])


def test_a_run_without_an_average_is_an_error_and_so_are_two_of_a_kind():
    without = record("constant", 16, 0.1, 0, 0.8)
    del without["average"]
    with pytest.raises(ValueError, match="have an average of the weights"):
        minibatch.runs([without])
    two = [record("cosine", 16, 0.1, 0, 0.8), record("cosine", 16, 0.1, 0, 0.8, last_tests=2)]
    with pytest.raises(ValueError, match=r"batch_size 16, base_lr 0\.1, arm decay, seed 0 differ"):
        minibatch.runs(two)
    assert len(minibatch.runs([two[0], two[0]])) == 1  # the newest of the same experiment


# The gains


def test_gains_are_means_of_pairs_with_student_s_interval():
    values = [(0.80, 0.81, 0.805), (0.70, 0.73, 0.715), (0.90, 0.92, 0.905), (0.60, 0.62, 0.615)]
    runs = table(*(pair(16, 0.1, seed, *accs) for seed, accs in enumerate(values)))
    found = minibatch.gains(runs).set_index("gain")
    constant, decay, average = np.array(values).T
    for gain, arm in ((DECAY, decay), (AVERAGE, average)):
        row, test = found.loc[gain], stats.ttest_rel(arm, constant)
        assert (row.pairs, row.dead, row.unpaired) == (4, 0, 0)
        assert row.difference == pytest.approx((arm - constant).mean())
        assert (row.low, row.high) == pytest.approx(tuple(test.confidence_interval(0.95)))


def test_dead_runs_are_left_out_and_counted_and_so_are_runs_without_a_partner():
    dead = record("constant", 16, 0.1, 4, 0.1, died=2)
    runs = table(
        *(pair(16, 0.1, seed, 0.8, 0.81) for seed in range(4)),
        [dead, record("cosine", 16, 0.1, 4, 0.9)],
        [record("cosine", 16, 0.1, 5, 0.9)],
    )
    found = minibatch.gains(runs).set_index("gain")
    assert found.loc[DECAY, ["pairs", "dead", "unpaired"]].tolist() == [4, 1, 1]
    assert found.loc[AVERAGE, ["pairs", "dead", "unpaired"]].tolist() == [4, 1, 0]
    assert found.difference.tolist() == pytest.approx([0.01, 0.0])


def test_two_seeds_have_no_interval():
    found = minibatch.gains(table(*(pair(16, 0.1, seed, 0.8, 0.81) for seed in range(2))))
    assert found.low.isna().all() and found.difference.notna().all()


def test_the_floor_is_a_mean_over_living_runs():
    floors = [0.1, 0.2, 0.3, None]
    pairs = [pair(16, 0.1, seed, 0.8, 0.8, floor=floor) for seed, floor in enumerate(floors)]
    dead = [record("constant", 16, 0.1, 9, 0.1, died=30)]
    (row,) = minibatch.floors(table(*pairs, dead)).itertuples()
    assert row.seeds == 3 and row.floor == pytest.approx(0.2)
    assert (row.low, row.high) == pytest.approx(stats.t.interval(0.95, 2, 0.2, 0.1 / np.sqrt(3)))


# The best rates


def test_the_other_seeds_choose_the_rate():
    # Seed 0 is lucky at 0.2, all others are better at 0.1.
    low = [0.80, 0.83, 0.83, 0.83]
    high = [0.99, 0.81, 0.81, 0.81]
    runs = table(
        *(pair(16, 0.1, seed, acc, acc) for seed, acc in enumerate(low)),
        *(pair(16, 0.2, seed, acc, acc) for seed, acc in enumerate(high)),
    )
    best = minibatch.at_best_rates(runs)
    constant = best[best.arm == CONSTANT].set_index("seed")
    assert constant.base_lr.to_dict() == {0: 0.1, 1: 0.2, 2: 0.2, 3: 0.2}
    assert constant.test_acc.to_dict() == {0: 0.80, 1: 0.81, 2: 0.81, 3: 0.81}


def test_a_rate_at_which_another_seed_died_is_not_chosen():
    accs = {0.1: [0.8, 0.8, 0.8], 0.2: [0.9, 0.9, 0.9]}
    records = [
        record(policy, 16, rate, seed, acc, died=5 if (rate, seed) == (0.2, 1) else None)
        for policy in ("constant", "cosine")
        for rate, values in accs.items()
        for seed, acc in enumerate(values)
    ]
    best = minibatch.at_best_rates(minibatch.runs(records))
    decay = best[best.arm == DECAY].set_index("seed")
    assert decay.base_lr.to_dict() == {0: 0.1, 1: 0.2, 2: 0.1} and decay.dead[1]
    answers = minibatch.answers(minibatch.runs(records), MARGIN)
    assert answers.pairs.tolist() == [2, 2] and answers.dead.tolist() == [1, 1]


def test_of_equal_rates_the_lower_is_chosen_and_unfinished_seeds_wait():
    runs = table(
        *(pair(16, rate, seed, 0.8, 0.8) for rate in (0.1, 0.2) for seed in range(3)),
        pair(16, 0.1, 3, 0.9, 0.9),
    )
    best = minibatch.at_best_rates(runs)
    assert set(best.base_lr) == {0.1} and set(best.seed) == {0, 1, 2}
    assert len(minibatch.at_best_rates(runs[runs.seed == 0])) == 0


def test_a_choice_by_other_seeds_is_no_better_than_chance_where_all_rates_are_alike():
    random = np.random.default_rng(1)
    draws = [
        (size, rate, seed, *random.normal(0.8, 0.01, 2))
        for size in range(1, 21)
        for rate in (0.1, 0.2, 0.3, 0.4)
        for seed in range(10)
    ]
    runs = table(*(pair(*draw) for draw in draws))
    constant = runs[runs.arm == CONSTANT]
    winners = constant.groupby(["batch_size", "base_lr"]).test_acc.mean().groupby("batch_size")
    assert winners.max().mean() > 0.802  # the best of four means flatters itself
    best = minibatch.at_best_rates(runs)
    assert best[best.arm == CONSTANT].test_acc.mean() == pytest.approx(0.8, abs=0.0015)


# The answers


def test_gains_that_go_with_the_noise_are_found():
    answers = minibatch.answers(planned("minibatch", lambda noise: 4 * noise, noise=0.001), MARGIN)
    verdicts = answers.set_index(["asked", "first", "second"]).verdict
    assert verdicts[DECAY, "decay, 16", "constant, 16"] == HIGHER
    assert verdicts[AVERAGE, "average, 256", "constant, 256"] == HIGHER
    assert verdicts[DECAY, "16 at 0.075", "256 at 0.075"] == HIGHER
    assert verdicts[DECAY, "16 at 0.15", "256 at 0.15"] == HIGHER
    assert verdicts[DECAY, "16 at 0.01875", "256 at 0.3"] == SAME


def test_gains_that_go_with_the_rate_alone_are_told_from_them():
    runs = planned("minibatch", lambda noise: 0.0, noise=0.0005)
    runs.loc[runs.arm == DECAY, "test_acc"] += 0.1 * runs.base_lr
    answers = minibatch.answers(runs, MARGIN).set_index(["first", "second"])
    assert answers.verdict["16 at 0.075", "256 at 0.075"] == SAME
    assert answers.verdict["16 at 0.01875", "256 at 0.3"] == LOWER
    assert answers.difference["16 at 0.01875", "256 at 0.3"] == pytest.approx(-0.028, abs=2e-3)


def test_intervals_hold_together():
    runs = planned("minibatch", lambda noise: 0.0)
    row = minibatch.answers(runs, MARGIN).set_index("first").loc["16 at 0.01875"]
    wide = runs[runs.arm != AVERAGE].pivot(
        index="seed", columns=["batch_size", "base_lr", "arm"], values="test_acc"
    )
    gain = {
        setting: wide[setting][DECAY] - wide[setting][CONSTANT]
        for setting in [(16, 0.01875), (256, 0.3)]
    }
    difference = gain[16, 0.01875] - gain[256, 0.3]
    error = difference.std() / np.sqrt(10)
    ends = stats.t.interval(1 - 0.05 / 13, 9, difference.mean(), error)
    assert (row.low, row.high) == pytest.approx(ends)


def test_a_few_seeds_decide_nothing():
    answers = minibatch.answers(planned("minibatch", lambda noise: 0.01, seeds=2), MARGIN)
    assert set(answers.verdict) == {UNDECIDED} and answers.pairs.max() == 2


def test_plans_are_answered_one_by_one():
    runs = [planned(name, lambda noise: 0.0, seeds=3) for name in PLANS]
    with pytest.raises(ValueError, match="runs of one plan are needed, not of 4"):
        minibatch.answers(pd.concat(runs), MARGIN)


def test_one_size_is_compared_with_no_other():
    answers = minibatch.answers(
        table(*(pair(16, 0.1, seed, 0.8, 0.81) for seed in range(3))), MARGIN
    )
    assert answers.asked.tolist() == [DECAY, AVERAGE]
