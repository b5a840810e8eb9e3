"""How the first edition compared its arms, against known answers, and what is quoted of it."""

import numpy as np
import pytest
from scipy import stats

from lrbook.findings import arms
from lrbook.findings import first_edition as study
from lrbook.findings.questions import UNDECIDED
from lrbook.runs import plan, store
from tests.claims import DATA, first_edition
from tests.records import constant, record

FOLDERS = (store.RUNS / "first_edition" / "study", store.RUNS / "as_coded")
PLANNED = [e.to_dict() for path in FOLDERS for e in plan.read(path.with_suffix(".toml"))]


SAMPLES = [0.80, 0.82, 0.81, 0.84], [0.90, 0.91, 0.92], [0.86, 0.79, 0.88, 0.83, 0.85]


@pytest.fixture(scope="module")
def made():
    """Three arms to compare and one of which too few live."""
    records = [constant(lr, values) for lr, values in zip((0.1, 0.2, 0.3), SAMPLES, strict=True)]
    return arms.runs(sum(records, constant(0.5, [0.9, 0.9], died=3)))


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
    assert verdict.higher == UNDECIDED and np.isnan(verdict.p)


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
    assert three.p[0] == pytest.approx(3 / 35) and set(three.higher) == {UNDECIDED}


def test_what_can_t_be_compared_is_named(made):
    with pytest.raises(ValueError, match=r"arm must be one of constant 0\.1; .*not 'cosine 0\.3'"):
        study.compare(made, "constant 0.1", "cosine 0.3", "test_acc")
    with pytest.raises(ValueError, match=r"measure must be died, train_loss.*'loss'"):
        study.pairs(made, "loss")


def test_every_arm_of_the_plans_is_recorded():
    planned = arms.runs([record(experiment) for experiment in PLANNED])
    assert set(planned.arm) == set(DATA.runs.arm)
    assert set(planned.policy) == set(arms.POLICIES)


def test_a_sentence_asks_the_runs(made):
    data = first_edition.FirstEdition(made)
    phrase = first_edition.phrase
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
