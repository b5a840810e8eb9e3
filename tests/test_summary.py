"""Arms in numbers, and the intervals that they are told with, by known answers."""

import subprocess
import sys

import numpy as np
import pytest

from lrbook.findings import arms
from lrbook.findings.intervals import newcombe, student, wilson
from lrbook.findings.summary import summary
from lrbook.runs import store
from tests.book import ROOT
from tests.records import constant, record


def test_wilson_s_interval():
    assert wilson(1, 4) == pytest.approx((0.0456, 0.6994), abs=1e-4)
    assert wilson(0, 5) == pytest.approx((0, 1.96**2 / (5 + 1.96**2)), abs=1e-4)


def test_student_s_interval():
    # t = 4.3027 at two degrees of freedom
    low, high = student([0.01, 0.02, 0.03], 0.95)
    assert (low, high) == pytest.approx((0.02 - 4.3027 * 0.01 / 3**0.5, 0.02 + 0.024842), abs=1e-6)


# Newcombe (1998), table II, method 10.
@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_newcombe_s_own_examples(counts, interval):
    assert newcombe(*counts) == pytest.approx(interval, abs=6e-5)


def test_an_arm_s_row():
    row = summary(arms.runs(constant(0.2, [0.90, 0.91, 0.92]))).loc["constant 0.2"]
    assert (row.seeds, row.dead, row.share) == (3, 0, 0)
    assert row.test_acc_mean == pytest.approx(0.91)
    assert row.test_acc_sd == pytest.approx(0.01)
    # t = 4.303 at two degrees of freedom
    assert row.test_acc_high - 0.91 == pytest.approx(4.3027 * 0.01 / 3**0.5, rel=1e-4)
    assert row.test_acc_high + row.test_acc_low == pytest.approx(2 * 0.91)


def test_means_are_of_living_runs_and_nan_where_there_are_too_few():
    table = arms.runs(constant(0.1, [0.8], died=3) + constant(0.2, [], died=2))
    one, none = (row for _, row in summary(table).iterrows())
    assert (one.seeds, one.dead, one.test_acc_mean) == (4, 3, 0.8)
    assert np.isnan([one.test_acc_sd, one.test_acc_low, one.test_acc_high]).all()
    assert none.share == 1 and np.isnan([none.test_acc_mean, none.train_loss_mean]).all()


def test_no_runs_are_no_rows():
    empty = summary(arms.runs([]))
    assert empty.empty and "test_acc_mean" in empty


def test_the_newest_run_stands_and_an_interrupted_one_doesn_t():
    old, other = constant(0.3, [0.7, 0.8])
    new = old | {"test_acc": [0.75]}
    stopped = constant(0.5, [0.6])[0] | {"interrupted": True}
    table = arms.runs([old, other, new, stopped])
    assert table.test_acc.tolist() == [0.75, 0.8]
    assert summary(table).index.tolist() == ["constant 0.3"]


def test_the_printed_builds_are_those_of_the_audit():
    printed = arms.printed(store.RUNS / "d2l_printed_results.csv")
    mxnet, pytorch = (summary(group) for _, group in printed.groupby("framework"))
    row = mxnet.loc["constant 0.3"]
    assert (row.dead, row.seeds) == (4, 72)
    assert [round(row.test_acc_mean, 3), round(row.test_acc_sd, 3)] == [0.882, 0.013]
    assert round(pytorch.test_acc_mean["cosine 0.3"], 3) == 0.899
    assert {name for name in mxnet.index if not name.endswith("as coded")} == {"constant 0.3"}


# Names


COSINE = {"policy": "cosine", "base_lr": 0.3, "horizon": 20, "seed": 0}


def test_arms_alike_in_policy_and_rate_are_told_apart_by_name():
    warm = [COSINE | {"warmup": {"duration": n}} for n in (2, 5)]
    table = arms.runs([record(e) for e in (COSINE, COSINE | {"horizon": 15}, *warm)])
    assert set(table.arm) == {
        "cosine 0.3, horizon 20",
        "cosine 0.3, horizon 15",
        "warmup, cosine 0.3, warmup duration 2",
        "warmup, cosine 0.3, warmup duration 5",
    }


def test_an_arm_has_the_name_that_its_plan_gives_it_before_the_others_are_run():
    planned = [COSINE, COSINE | {"horizon": 30}]
    assert arms.runs([record(COSINE)]).arm.tolist() == ["cosine 0.3"]
    assert arms.runs([record(COSINE)], planned).arm.tolist() == ["cosine 0.3, horizon 20"]
    assert arms.planned(planned).arm.tolist() == [
        "cosine 0.3, horizon 20",
        "cosine 0.3, horizon 30",
    ]


def test_a_schedule_has_one_name_at_every_base_rate():
    experiments = [COSINE | {"base_lr": rate, "power": p} for rate in (0.1, 0.3) for p in (1, 2)]
    assert arms.names(experiments, arms.schedule_name) == [
        "cosine, power 1",
        "cosine, power 2",
        "cosine, power 1",
        "cosine, power 2",
    ]


def test_findings_need_no_mxnet():
    modules = ", ".join(
        f"lrbook.findings.{path.stem}" for path in (ROOT / "lrbook" / "findings").glob("[a-z]*.py")
    )
    code = f"import sys, {modules}; sys.exit('mxnet' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
