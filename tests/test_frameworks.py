"""Schedules in other frameworks: what these answered, when they were asked, is the book's rates."""

import ast
import json
import re
import runpy
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lrbook.frameworks import ask, compare, conventions, settings
from lrbook.schedules import Constant, Cosine, MultiFactor, Warmup
from lrbook.schedules.updates import rates
from tests.book import ROOT

FRAMEWORKS = list(ask.ASK)
EXAMPLES = [(framework, policy) for framework in FRAMEWORKS for policy in ask.examples(framework)]


def answered(framework):
    return json.loads((compare.FOLDER / f"{framework}.json").read_text("utf-8"))


@cache
def expected(policy):
    """Return the settings of a policy, as (schedule, updates to look at, rates of all updates)."""
    found = []
    for schedule, n in compare.drawn(policy):
        length = settings.length(schedule, n)
        found.append((schedule, compare.kept(length), rates(schedule, n, length)))
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_was_asked_is_what_stands_in_the_files(framework):
    recorded = answered(framework)
    assert recorded["code"] == compare.code(framework), "make frameworks, or make torch"
    assert list(recorded["examples"]) == ask.examples(framework)
    named = [each.name for each in conventions.CONVENTIONS if each.framework == framework]
    assert list(recorded["conventions"]) == named
    locks = "".join(
        (ROOT / f"requirements{name}.txt").read_text("utf-8")
        for name in ("", "-frameworks", "-torch")
    )
    for package, version in recorded["versions"].items():
        assert re.search(rf"^{package}=={re.escape(version.split('+')[0])}\b", locks, re.MULTILINE)


@pytest.mark.parametrize(("framework", "policy"), EXAMPLES)
def test_the_examples_answered_with_the_book_s_rates(framework, policy):
    answers = answered(framework)["examples"][policy]
    assert len(answers) == compare.SETTINGS == 500
    for (schedule, at, ours), theirs in zip(expected(policy), answers, strict=True):
        apart = np.abs(theirs - ours[at]) / ours.max()
        assert apart.max() <= compare.TOLERANCE[framework], schedule
        assert at[[0, -1]].tolist() == [0, len(ours) - 2]


@pytest.mark.parametrize("policy", ask.examples("mxnet"))
def test_mxnet_answers_so_today(policy):
    # It is in this environment; `make frameworks` asks Optax and Keras anew.
    np.testing.assert_allclose(
        np.concatenate(compare.compare_example("mxnet", policy)),
        np.concatenate(answered("mxnet")["examples"][policy]),
        rtol=1e-12,
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_where_they_part_their_rates_differ(framework):
    for name, shown in answered(framework)["conventions"].items():
        if shown:
            assert abs(shown["theirs"] - shown["ours"]) > 0.01 * 0.3, name


def test_a_wrong_example_and_a_wrong_convention_are_noticed(monkeypatch):
    monkeypatch.setattr(compare, "SETTINGS", 20)
    wrong = conventions._mxnet_cosine
    monkeypatch.setattr(ask, "example", lambda framework, policy: wrong)
    with pytest.raises(ValueError, match=r"mxnet cosine: Cosine.* is off by"):
        compare.compare_example("mxnet", "cosine")
    convention = next(each for each in conventions.CONVENTIONS if each.name == "CosineScheduler")
    right = ask.EXAMPLES / "mxnet" / "cosine.py"
    for changed, message in (
        ({"same": lambda k, **_: k >= 0}, "is off by .* where both should agree"),
        ({"same": None}, "CosineScheduler takes Cosine"),
        ({"make": runpy.run_path(str(right))["scheduler"]}, "CosineScheduler hardly parts"),
    ):
        with pytest.raises(ValueError, match=message):
            compare.compare_convention(replace(convention, **changed))


@pytest.mark.parametrize(("framework", "policy"), EXAMPLES)
def test_an_example_is_short_and_stands_alone(framework, policy):
    text = (ask.EXAMPLES / framework / f"{policy}.py").read_text("utf-8")
    assert len(text.splitlines()) <= 20
    assert max(map(len, text.splitlines())) <= 80
    imported = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert not any(node.module.startswith("lrbook") for node in imported)


# --- The faults -------------------------------------------------------------------------------


def test_the_faulty_loops_did_what_the_page_says():
    ran = answered("pytorch")["faults"]
    meant = Cosine(0.3, 0, 30)
    expected = [meant(i / 234) for i in (0, 1, 234, 3510)] + [meant(7019 / 234)]
    assert ran["meant"]["updates"] == 7020
    np.testing.assert_allclose(ran["meant"]["rates"], expected, atol=1e-9)
    assert min(ran["wrong_loop"]["rates"]) > 0.2999
    assert ran["wrong_clock"]["rates"][-1] > 0.299
    assert ran["before_the_optimizer"]["rates"][0] == pytest.approx(meant(1 / 234), abs=1e-9)
    assert ran["resumed_without_state"]["rates"][3] == pytest.approx(0.15, abs=1e-4)
    assert ran["resumed_without_state"]["rates"][4] == pytest.approx(0.075, abs=1e-4)
    assert ran["last_minibatch"]["updates"] == 7050


# --- The table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule",
    [Warmup(Cosine(0.5, 0.01, 15), 5), Warmup(MultiFactor(1, (13,), 0.5), 9.4)],
    ids=["smooth", "a jump on an update"],
)
def test_a_table_has_the_rates_of_updates_bit_for_bit(schedule):
    table, rate = rates(schedule, 10, 300), schedule.per_update(10)
    assert table.shape == (301,)
    assert table.tolist() == [rate(k) for k in range(1, 302)]


@pytest.mark.parametrize("count", [0, -1, np.int64(0)])
def test_a_table_of_no_updates_is_refused(count):
    with pytest.raises(ValueError, match=r"rates: num_updates must be an int in \[1, ∞\), not"):
        rates(Constant(0.3), 10, count)


@pytest.mark.parametrize("count", [1.0, True, "10", None])
def test_a_table_of_what_is_no_count_is_refused(count):
    with pytest.raises(TypeError, match="num_updates must be an int"):
        rates(Constant(0.3), 10, count)
    with pytest.raises(TypeError, match="updates_per_epoch must be an int"):
        rates(Constant(0.3), count, 10)
