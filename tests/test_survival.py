"""Who lives: curves, the rate that kills half, and the planned question, by known answers."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lrbook.findings import survival
from lrbook.findings.logistic import half_rate
from lrbook.findings.questions import HIGHER, LOWER, NOT_RUN, UNDECIDED
from lrbook.runs import plan, store

RATES = [0.3, 0.4, 0.5, 0.6, 0.7]


def table(*settings):
    """Return runs of settings, each (data, base rate, warmup, dead, how many runs)."""
    rows = [
        (data, base_lr, warmup, seed, 2 if seed < dead else None, 12)
        for data, base_lr, warmup, dead, total in settings
        for seed in range(total)
    ]
    columns = [*survival.SETTING, "seed", "died", "epochs"]
    return pd.DataFrame(rows, columns=columns).astype({"died": "Int64", "warmup": float})


# The table


def test_every_planned_run_has_a_row_of_its_own():
    experiments = [e.to_dict() for e in plan.read(store.RUNS / "survival.toml")]
    records = [{"experiment": e, "interrupted": False, "died": None} for e in experiments]
    found = survival.runs(records)
    assert len(found) == len(experiments) == 510
    assert set(found.warmup) == {0, 1, 5} and set(found.epochs) == {12}
    planned = {tuple(setting) for setting in found[survival.SETTING].values}
    assert {survival.WITH, survival.WITHOUT} <= planned


def test_runs_that_only_something_else_tells_apart_are_an_error():
    same = {"data": "full", "base_lr": 0.5, "seed": 3, "num_epochs": 12}
    records = [
        {"experiment": same | {"policy": policy}, "interrupted": False, "died": died}
        for policy, died in (("cosine", 4), ("constant", None), ("cosine", 5))
    ]
    newest = survival.runs(records[::2])
    assert newest.died.tolist() == [5]
    with pytest.raises(ValueError, match=r"data full, base_lr 0\.5, warmup 0\.0, seed 3 differ"):
        survival.runs(records)


# The share alive by epoch

# Weeks to relapse and, of those without one, of observation: the 6-MP arm of Freireich et al.
# (1963). Shares, standard errors and log-log intervals as R's survfit prints them in Venables
# and Ripley, "Modern Applied Statistics with S".
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
SURVFIT = {
    6: (21, 3, 0.857, 0.620, 0.952),
    7: (17, 1, 0.807, 0.563, 0.923),
    10: (15, 1, 0.753, 0.503, 0.889),
    13: (12, 1, 0.690, 0.432, 0.849),
    16: (11, 1, 0.627, 0.368, 0.805),
    22: (7, 1, 0.538, 0.268, 0.747),
    23: (6, 1, 0.448, 0.188, 0.680),
}


def test_the_curve_of_a_published_example():
    runs = pd.DataFrame({"died": pd.array(RELAPSED + [None] * len(CENSORED), "Int64")})
    runs["epochs"] = [35] * len(RELAPSED) + CENSORED
    curve = survival.alive(runs.assign(data="full", base_lr=0.5, warmup=0.0)).set_index("epoch")
    assert curve.index.tolist() == list(range(36))
    for week, (at_risk, deaths, *shares) in SURVFIT.items():
        row = curve.loc[week]
        assert (row.at_risk, row.deaths) == (at_risk, deaths)
        assert [row.alive, row.low, row.high] == pytest.approx(shares, abs=6e-4)
    assert curve.alive[21] == curve.alive[16] and curve.deaths.sum() == 9


def test_without_censoring_the_curve_is_the_share():
    runs = table(("full", 0.5, 0, 3, 10))
    curve = survival.alive(runs).set_index("epoch")
    assert curve.alive.tolist() == [1, 1, *[0.7] * 11]
    # By hand: log(-log 0.7) ± 1.96 · √(3/70) / log 0.7
    middle, error = np.log(-np.log(0.7)), 1.959964 * np.sqrt(3 / 70) / np.log(0.7)
    ends = np.exp(-np.exp([middle - error, middle + error]))
    assert curve.loc[12, ["low", "high"]].tolist() == pytest.approx(ends, abs=1e-6)


def test_where_all_live_or_none_the_interval_says_how_few_they_are():
    runs = table(("full", 0.3, 0, 0, 5), ("full", 0.9, 0, 5, 5))
    curve = survival.alive(runs).set_index(["base_lr", "epoch"])
    assert curve.loc[(0.3, 12), ["alive", "low", "high"]].tolist() == pytest.approx(
        [1, 5 / (5 + 1.959964**2), 1], abs=1e-6
    )
    assert curve.loc[(0.9, 12), ["alive", "low", "high"]].tolist() == pytest.approx(
        [0, 0, 1.959964**2 / (5 + 1.959964**2)], abs=1e-6
    )
    assert curve.loc[(0.9, 0), ["alive", "low", "high"]].tolist() == [1, 1, 1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.integers(1, 12), min_size=1, max_size=12), st.randoms())
def test_a_curve_falls_within_its_interval_whatever_the_order(died, random):
    runs = table(("full", 0.5, 5, 0, len(died))).assign(died=pd.array(died, "Int64"))
    curve = survival.alive(runs)
    assert (curve.alive.diff().dropna() <= 0).all() and curve.alive.iloc[0] == 1
    assert curve.alive.iloc[-1] == pytest.approx(died.count(None) / len(died))
    assert (curve.low <= curve.alive).all() and (curve.alive <= curve.high).all()
    shuffled = runs.iloc[random.sample(range(len(runs)), len(runs))]
    pd.testing.assert_frame_equal(survival.alive(shuffled), curve)


# The share dead by base rate


def test_deaths_are_counted_by_setting():
    runs = table(("full", 0.5, 0, 1, 4), ("subset", 0.5, 0, 0, 3), ("subset", 0.5, 5, 3, 3))
    found = survival.deaths(runs)
    assert found[[*survival.SETTING, "runs", "dead", "share"]].values.tolist() == [
        ["full", 0.5, 0.0, 4, 1, 0.25],
        ["subset", 0.5, 0.0, 3, 0, 0.0],
        ["subset", 0.5, 5.0, 3, 3, 1.0],
    ]
    assert (found.low[0], found.high[0]) == pytest.approx((0.0456, 0.6994), abs=1e-4)


def test_runs_watched_for_different_times_are_not_counted_together():
    runs = table(("full", 0.5, 0, 1, 4))
    runs.loc[3, "epochs"] = 30
    with pytest.raises(ValueError, match="same number of epochs, not for 12, 30"):
        survival.deaths(runs)


def test_the_half_rate_of_a_published_example():
    # Male budworms, Collett (1991); in Venables and Ripley the slope in log2 of the dose is
    # 0.9060 + 0.3529, the intercept 0.1750 - 2.9935.
    found = half_rate([1, 2, 4, 8, 16, 32], [1, 4, 9, 13, 18, 20], [20] * 6)
    assert found.slope * np.log(2) == pytest.approx(1.2589, abs=2e-4)
    assert np.log2(found.half) == pytest.approx(2.8185 / 1.2589, abs=2e-4)


DEAD = [0, 2, 12, 25, 30]


def test_the_interval_is_where_the_likelihood_has_fallen_by_192():
    found = half_rate(RATES, DEAD, [30] * 5)
    dead, slopes = np.array(DEAD), np.linspace(1, 40, 4000)[:, None]

    def likelihood(half, slope):
        share = 1 / (1 + (np.array(RATES) / half) ** -slope)
        return (dead * np.log(share) + (30 - dead) * np.log1p(-share)).sum(axis=-1)

    best = max(likelihood(half, slopes).max() for half in np.linspace(0.5, 0.53, 61))
    assert likelihood(found.half, found.slope) == pytest.approx(best, abs=1e-3)
    for end in (found.low, found.high):
        assert best - likelihood(end, slopes).max() == pytest.approx(1.9207, abs=2e-3)


def test_a_clean_cut_is_known_only_to_lie_between_two_rates():
    found = half_rate(RATES, [0, 0, 0, 30, 30], [30] * 5)
    assert np.isnan(found.half) and found.slope == np.inf
    assert (found.low, found.high) == pytest.approx((0.5, 0.6))


def test_two_runs_a_rate_cut_cleanly_say_less_than_thirty():
    found = half_rate(RATES, [0, 0, 0, 2, 2], [2] * 5)
    assert found.low < 0.5 and found.high > 0.6


def test_one_mixed_rate_is_the_half_and_its_interval_leans_to_where_it_must():
    found = half_rate(RATES, [0, 0, 2, 30, 30], [30] * 5)
    assert found.half == pytest.approx(0.5) and found.slope == np.inf
    assert found.low == pytest.approx(0.5) and 0.53 < found.high < 0.6
    other = half_rate(RATES, [0, 0, 28, 30, 30], [30] * 5)
    assert other.high == pytest.approx(0.5) and 0.4 < other.low < 0.47


@pytest.mark.parametrize(
    ("dead", "low", "high"),
    [([0] * 5, 0.7, np.inf), ([30] * 5, 0, 0.3), ([15] * 5, 0, np.inf)],
)
def test_what_the_grid_doesn_t_bound_is_open(dead, low, high):
    found = half_rate(RATES, dead, [30] * 5)
    assert np.isnan(found.half)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_shares_that_fall_with_the_rate_have_no_half():
    found = half_rate(RATES, [9, 8, 8, 7, 6], [30] * 5)
    assert np.isnan(found.half) and found.slope == 0 and found.high == np.inf


@pytest.mark.parametrize("rates", [[0.3], [0.3, 0.3], [0, 0.3]])
def test_rates_that_no_curve_can_be_drawn_through_are_an_error(rates):
    with pytest.raises(ValueError, match="base_lr must be two rates or more above 0, each once"):
        half_rate(rates, [1] * len(rates), [2] * len(rates))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=5, max_size=5))
def test_half_rates_turn_around_with_deaths_and_rates(dead):
    found = half_rate(RATES, dead, [10] * 5)
    assert found.low <= found.high
    if not np.isnan(found.half):
        assert found.low * (1 - 1e-6) <= found.half <= found.high * (1 + 1e-6)
    # The living at r are the dead at 1/r.
    mirrored = half_rate([1 / r for r in RATES], [10 - d for d in dead], [10] * 5)
    with np.errstate(divide="ignore"):
        turned = 1 / np.array([mirrored.half, mirrored.high, mirrored.low])
    np.testing.assert_allclose(found[:3], turned, rtol=1e-4)
    assert found.slope == pytest.approx(mirrored.slope, rel=1e-4)


def test_half_rates_by_data_and_warmup_where_there_is_a_grid():
    grid = [("subset", r, w, d, 30) for w in (0, 5) for r, d in zip(RATES, DEAD, strict=True)]
    found = survival.half_rates(table(*grid, ("full", 0.5, 0, 20, 30)))
    assert found[["data", "warmup"]].values.tolist() == [["subset", 0.0], ["subset", 5.0]]
    assert found.half[0] == half_rate(RATES, DEAD, [30] * 5).half


# The planned question


def question(dead_with, dead_without, total=30):
    """Return the planned question's answer."""
    runs = table((*survival.WITH, dead_with, total), (*survival.WITHOUT, dead_without, total))
    return survival.does_warmup_help(runs)


def test_the_planned_question_by_counts():
    answer = question(2, 20)
    assert answer[:4] == (28, 30, 10, 30) and answer.verdict == HIGHER
    assert answer.difference == pytest.approx(0.6) and answer.low > 0.3
    assert question(20, 2).verdict == LOWER
    assert question(2, 3).verdict == UNDECIDED
    assert question(0, 0).p == 1


def test_boschloo_by_its_definition():
    # Two of ten against seven of ten alive. Of all outcomes those count whose one-sided Fisher p
    # is at most the observed; their chance is largest at some common share.
    counts = range(11)
    fisher = {
        (a, b): stats.hypergeom(20, a + b, 10).cdf(a) for a, b in itertools.product(counts, counts)
    }
    extreme = [ab for ab, p in fisher.items() if p <= fisher[2, 7] * (1 + 1e-9)]
    shares = np.linspace(0.001, 0.999, 999)
    chance = sum(
        stats.binom(10, shares).pmf(a) * stats.binom(10, shares).pmf(b) for a, b in extreme
    )
    assert question(8, 3, 10).p == pytest.approx(2 * chance.max(), rel=1e-3)


def test_what_has_not_been_run_is_said():
    answer = survival.does_warmup_help(table((*survival.WITH, 3, 30), ("subset", 0.5, 0, 9, 30)))
    assert answer[:4] == (27, 30, 0, 0) and answer.verdict == NOT_RUN
    assert np.isnan(answer[4:8]).all()


def test_the_same_runs_ten_at_a_time():
    # In the first ten seeds eight die without a warmup, later none; with one, none ever does.
    runs = table((*survival.WITH, 0, 30), (*survival.WITHOUT, 8, 30), ("subset", 0.5, 0, 9, 99))
    parts = survival.in_parts(runs)
    assert parts[["first", "last"]].values.tolist() == [[0, 9], [10, 19], [20, 29], [0, 29]]
    assert parts.alive_without.tolist() == [2, 10, 10, 22]
    assert parts.verdict.tolist() == [HIGHER, UNDECIDED, UNDECIDED, HIGHER]
    assert tuple(parts.iloc[3, 2:]) == tuple(survival.does_warmup_help(runs))
    assert survival.in_parts(runs[runs.data == "subset"]).empty


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12))
def test_swapped_arms_give_the_opposite(dead_with, dead_without):
    forth, back = question(dead_with, dead_without, 12), question(dead_without, dead_with, 12)
    assert back.p == pytest.approx(forth.p, rel=1e-6)
    assert {forth.verdict, back.verdict} in ({UNDECIDED}, {HIGHER, LOWER})
    turned = [-forth.difference, -forth.high, -forth.low]
    assert [back.difference, back.low, back.high] == pytest.approx(turned)
