"""The study's statistics against known answers, and the page that is made from them."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from lrbook.findings import arms, study
from lrbook.runs import plan, store
from tests.book import ROOT

FIRST = store.RUNS / "first_edition"
RECORDED = arms.runs(store.read(FIRST / "study.jsonl"))
PLANNED = [e.to_dict() for e in plan.read(FIRST / "study.toml")]


def record(experiment, values=(0.5, 0.8, 0.7), **changed):
    """Return a record of one epoch, with its loss and its two accuracies."""
    curves = dict(zip(arms.MEASURES, ([value] for value in values), strict=True))
    rest = {"seconds": 1.0, "date": "2026-01-01T00:00:00+00:00", "hardware": "a CPU", "code": "0a"}
    made = {"experiment": experiment, "seed": experiment["seed"], "versions": {"mxnet": "1.9.1"}}
    return {"died": None, "interrupted": False} | made | rest | curves | changed


def constant(base_lr, test_accs, died=0):
    """Return records of an arm: one of each accuracy, and so many dead ones."""
    alive = [(0.5, 0.8, value) for value in test_accs]
    experiments = [
        {"policy": "constant", "base_lr": base_lr, "seed": seed, "data": "full"}
        for seed in range(len(alive) + died)
    ]
    records = [record(e, values) for e, values in zip(experiments, alive, strict=False)]
    dead = [record(e, (None, 0.1, 0.1), died=1) for e in experiments[len(alive) :]]
    return records + dead


SAMPLES = [0.80, 0.82, 0.81, 0.84], [0.90, 0.91, 0.92], [0.86, 0.79, 0.88, 0.83, 0.85]


@pytest.fixture(scope="module")
def made():
    """Three arms to compare and one of which too few live."""
    records = [constant(lr, values) for lr, values in zip((0.1, 0.2, 0.3), SAMPLES, strict=True)]
    return arms.runs(sum(records, constant(0.5, [0.9, 0.9], died=3)))


def test_wilson_s_interval():
    assert study.wilson(1, 4) == pytest.approx((0.0456, 0.6994), abs=1e-4)
    assert study.wilson(0, 5) == pytest.approx((0, 1.96**2 / (5 + 1.96**2)), abs=1e-4)


def test_an_arm_s_row(made):
    row = study.summary(made).loc["constant 0.2"]
    assert (row.seeds, row.dead, row.share) == (3, 0, 0)
    assert row.test_acc_mean == pytest.approx(0.91)
    assert row.test_acc_sd == pytest.approx(0.01)
    # t = 4.303 at two degrees of freedom
    assert row.test_acc_high - 0.91 == pytest.approx(4.3027 * 0.01 / 3**0.5, rel=1e-4)
    assert row.test_acc_high + row.test_acc_low == pytest.approx(2 * 0.91)


def test_means_are_of_living_runs_and_nan_where_there_are_too_few():
    table = arms.runs(constant(0.1, [0.8], died=3) + constant(0.2, [], died=2))
    one, none = (row for _, row in study.summary(table).iterrows())
    assert (one.seeds, one.dead, one.test_acc_mean) == (4, 3, 0.8)
    assert np.isnan([one.test_acc_sd, one.test_acc_low, one.test_acc_high]).all()
    assert none.share == 1 and np.isnan([none.test_acc_mean, none.train_loss_mean]).all()


def test_pairs_are_those_of_games_and_howell(made):
    found = study.pairs(made, "test_acc")
    assert list(zip(found.a, found.b, strict=True)) == [
        ("constant 0.1", "constant 0.2"),
        ("constant 0.1", "constant 0.3"),
        ("constant 0.2", "constant 0.3"),
    ]
    expected = stats.tukey_hsd(*SAMPLES, equal_var=False)
    interval = expected.confidence_interval()
    at = ([0, 0, 1], [1, 2, 2])
    np.testing.assert_allclose(found.p, expected.pvalue[at])
    np.testing.assert_allclose(found.difference, expected.statistic[at])
    np.testing.assert_allclose(found.low, interval.low[at], rtol=1e-3)
    np.testing.assert_allclose(found.high, interval.high[at], rtol=1e-3)
    assert found.higher.tolist() == ["constant 0.2", "undecided", "constant 0.2"]


def test_a_verdict_is_the_same_from_both_sides(made):
    forth = study.compare(made, "constant 0.1", "constant 0.2", "test_acc")
    back = study.compare(made, "constant 0.2", "constant 0.1", "test_acc")
    assert forth.higher == back.higher == "constant 0.2"
    assert (back.difference, back.low, back.high) == (-forth.difference, -forth.high, -forth.low)
    assert forth.difference == pytest.approx(-0.0925) and forth.p < 0.05
    assert (forth.p < 0.05) == (forth.high < 0)


def test_arms_of_which_too_few_live_are_undecided(made):
    verdict = study.compare(made, "constant 0.2", "constant 0.5", "test_acc")
    assert verdict.higher == study.UNDECIDED and np.isnan(verdict.p)


def test_holm_by_hand():
    assert study.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert study.holm([0.5, 0.9]) == pytest.approx([1, 1])


def test_deaths_are_compared_exactly():
    none, all_ = constant(1, [0.8] * 4), constant(2, [], died=4)
    half = constant(3, [0.8] * 2, died=2)
    alone = study.compare(arms.runs(none + all_), "constant 1.0", "constant 2.0", "died")
    assert alone.higher == "constant 2.0" and alone.difference == -1
    assert alone.p == pytest.approx(1 / 35)
    three = study.pairs(arms.runs(none + all_ + half), "died")
    assert three.p[0] == pytest.approx(3 / 35) and set(three.higher) == {study.UNDECIDED}


def test_what_can_t_be_compared_is_named(made):
    with pytest.raises(ValueError, match=r"arm must be one of constant 0\.1; .*not 'cosine 0\.3'"):
        study.compare(made, "constant 0.1", "cosine 0.3", "test_acc")
    with pytest.raises(ValueError, match=r"measure must be died, train_loss.*'loss'"):
        study.pairs(made, "loss")


def test_the_newest_run_stands_and_an_interrupted_one_doesn_t():
    old, other = constant(0.3, [0.7, 0.8])
    new = old | {"test_acc": [0.75]}
    stopped = constant(0.5, [0.6])[0] | {"interrupted": True}
    table = arms.runs([old, other, new, stopped])
    assert table.test_acc.tolist() == [0.75, 0.8]
    assert study.summary(table).index.tolist() == ["constant 0.3"]


def test_a_changed_run_changes_the_table():
    before = study.summary(arms.runs(constant(0.3, [0.7, 0.8])))
    after = study.summary(arms.runs(constant(0.3, [0.7, 0.81])))
    assert not before.equals(after)


def test_the_printed_builds_are_those_of_the_audit():
    printed = arms.printed(store.RUNS / "d2l_printed_results.csv")
    mxnet, pytorch = (study.summary(group) for _, group in printed.groupby("framework"))
    row = mxnet.loc["constant 0.3"]
    assert (row.dead, row.seeds) == (4, 72)
    assert [round(row.test_acc_mean, 3), round(row.test_acc_sd, 3)] == [0.882, 0.013]
    assert round(pytorch.test_acc_mean["cosine 0.3"], 3) == 0.899
    assert {name for name in mxnet.index if not name.endswith("as coded")} == {"constant 0.3"}


def test_every_arm_of_the_plan_has_a_name_of_its_own():
    table = arms.runs([record(experiment) for experiment in PLANNED])
    planned = {str(sorted((experiment | {"seed": 0}).items())) for experiment in PLANNED}
    assert table.arm.nunique() == len(planned)
    assert set(table.policy) == set(arms.POLICIES)
    assert set(RECORDED.arm) <= set(table.arm)


def test_every_arm_of_the_plan_is_recorded():
    table = arms.runs([record(experiment) for experiment in PLANNED])
    assert set(table.arm) <= set(RECORDED.arm)


def test_arms_alike_in_policy_and_rate_are_told_apart_by_name():
    experiment = {"policy": "cosine", "base_lr": 0.3, "horizon": 20, "seed": 0}
    warm = [experiment | {"warmup": {"duration": n}} for n in (2, 5)]
    table = arms.runs([record(e) for e in (experiment, experiment | {"horizon": 15}, *warm)])
    assert set(table.arm) == {
        "cosine 0.3, horizon 20",
        "cosine 0.3, horizon 15",
        "warmup, cosine 0.3, warmup duration 2",
        "warmup, cosine 0.3, warmup duration 5",
    }


def test_the_study_is_read_without_mxnet():
    code = "import sys, lrbook.findings.study; sys.exit('mxnet' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# The page


@pytest.fixture
def page(monkeypatch):
    """The modules of the page, and what they are made from."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    import results
    import results_figures
    import results_tables
    import results_text

    printed = arms.printed(store.RUNS / "d2l_printed_results.csv")
    atlas = arms.runs(store.read(FIRST / "atlas.jsonl"))
    data = results.Study(RECORDED, printed, atlas)
    return data, results_text.phrase, results_tables, results_figures


def test_a_sentence_asks_the_runs(page, made):
    data, phrase, *_ = page
    data = data._replace(runs=made)
    assert phrase(data, "runs") == "17"
    assert phrase(data, "test_acc: highest") == "constant 0.2"
    assert phrase(data, "died: constant 0.5").split() == ["3", "of", "5"]
    assert phrase(data, "test_acc: constant 0.2").split() == ["0.910", "±", "0.010"]
    verdict = phrase(data, "test_acc: constant 0.1 against constant 0.2")
    assert verdict.startswith("constant 0.2 is higher, by 0.093 (0.0")
    verdict = phrase(data, "test_acc: constant 0.1 against constant 0.3")
    assert verdict.startswith("undecided, \N{MINUS SIGN}0.0")
    for nonsense in ("losses", "test_acc: best", "test_acc: constant 0.1 against cosine"):
        with pytest.raises(ValueError):
            phrase(data, nonsense)


def test_every_table_has_its_arms(page):
    data, _, tables, _ = page
    for arm in RECORDED.arm.unique():
        assert f"| {arm} |" in tables.summary(data)
    for name, (_, table) in tables.DOWNLOADS.items():
        assert set(RECORDED.arm) <= set(table(data).filter(["arm", "a", "b"]).values.flat), name


@pytest.mark.parametrize("name", [("deaths",), ("arms", "test_acc"), ("pairs", "test_acc")])
def test_a_figure_is_the_same_file_every_time(page, tmp_path, name):
    data, *_, drawn = page
    for file in ("a.svg", "b.svg"):
        drawn.draw(tmp_path / file, name[0], data, *name[1:])
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
