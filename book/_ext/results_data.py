"""What the results page is made from: plans, the runs recorded for them, and what they answer."""

import functools
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from lrbook.findings import agreement, arms, progress, questions, survival, tuned
from lrbook.findings.questions import Question
from lrbook.live import atlas as panels_atlas
from lrbook.runs import plan, store

ATLAS = panels_atlas.PATH.relative_to(store.RUNS).as_posix()
PRINTED, QUESTIONS = "d2l_printed_results.csv", "questions.toml"
CURVES = "d2l_printed_curves.csv"
PLANS = ("study", "rates", "survival", "as_coded", "page_agreement")  # each, once begun, a store
PAGE = "page_agreement_page"  # the store of the page's side
FILES = (PRINTED, CURVES, QUESTIONS, ATLAS, *(f"{name}.toml" for name in PLANS))


class Results(NamedTuple):
    """Tables of complete groups of runs alone, and how far each group has come.

    Attributes
    ----------
    runs, study : pandas.DataFrame
        As `lrbook.findings.arms.runs`, of complete arms; and `progress` of every planned arm.
    questions : list of Question
        With the tuned arms' names, as far as they are known.
    answers : pandas.DataFrame
        As `lrbook.findings.questions.answers`, of complete arms.
    rate_runs, rates, chosen, grids : pandas.DataFrame
        As `lrbook.findings.tuned.runs`, `rates` and `best`, of schedules whose grid is complete;
        and the `progress` of each.
    deaths, settings : pandas.DataFrame
        As `lrbook.findings.survival.runs`, of complete settings; and their `progress`.
    as_coded, printed, atlas : pandas.DataFrame
        The chapter's own schedules here and in public builds; what the panels show.
    curves : pandas.DataFrame
        What the builds with the chapter's own base rates printed after every epoch.
    atlas_updates : int
        How many updates an epoch of the atlas has.
    engines : pandas.DataFrame
        As `lrbook.findings.agreement.compared`, of arms that the page and MXNet both completed;
        and the `progress` of each arm, both engines together.
    """

    runs: pd.DataFrame
    study: pd.DataFrame
    questions: list[Question]
    answers: pd.DataFrame
    rate_runs: pd.DataFrame
    rates: pd.DataFrame
    chosen: pd.DataFrame
    grids: pd.DataFrame
    deaths: pd.DataFrame
    settings: pd.DataFrame
    as_coded: pd.DataFrame
    printed: pd.DataFrame
    atlas: pd.DataFrame
    curves: pd.DataFrame
    atlas_updates: int
    engines: pd.DataFrame
    engine_runs: pd.DataFrame


@functools.cache
def read(srcdir):
    """Return the results, the same all through a build: a sweep may be adding to them."""
    folder = Path(srcdir, "runs")
    plans = {name: [e.to_dict() for e in plan.read(folder / f"{name}.toml")] for name in PLANS}
    stored = {name: _stored(folder / f"{name}.jsonl") for name in (*PLANS, PAGE)}
    asked = questions.read(folder / QUESTIONS)
    planned = tuned.planned(plans["rates"])
    rate_runs = tuned.runs(stored["rates"], plans["rates"])
    grid = {"by": ["schedule"], "keys": ["base_lr", "seed"]}
    rates = progress.complete(rate_runs, planned, **grid)
    chosen = tuned.best(rates, asked[0].margin)
    tuned_arms = tuned.settled(chosen, plans["rates"], plans["study"])
    named = {arm for question in asked for arm in (question.first, question.second)}
    asked = questions.settled(asked, {a: b for a, b in tuned_arms.items() if a in named})
    runs = arms.runs(stored["study"], plans["study"])
    arms_planned = arms.planned(plans["study"])
    complete = progress.complete(runs, arms_planned, ["arm"])
    died = survival.runs(stored["survival"])
    settings_planned = survival.planned(plans["survival"])
    in_atlas = store.read(folder / ATLAS)
    return Results(
        runs=complete,
        study=progress.progress(runs, arms_planned, ["arm"]),
        questions=asked,
        answers=questions.answers(asked, complete),
        rate_runs=rates,
        rates=tuned.rates(rates),
        chosen=chosen,
        grids=progress.progress(rate_runs, planned, **grid),
        deaths=progress.complete(died, settings_planned, survival.SETTING),
        settings=progress.progress(died, settings_planned, survival.SETTING),
        as_coded=arms.runs(stored["as_coded"], plans["as_coded"]),
        printed=arms.printed(folder / PRINTED),
        atlas=arms.runs(in_atlas),
        curves=_curves(folder),
        atlas_updates=in_atlas[0]["updates_per_epoch"],
        **_engines(stored[PAGE], stored["page_agreement"], plans["page_agreement"]),
    )


def _curves(folder):
    """Return the printed curves of the builds whose square root begins at 1.0, as the seed's."""
    printed, curves = (pd.read_csv(folder / name) for name in (PRINTED, CURVES))
    theirs = printed[(printed.policy == "square_root") & (printed.base_lr == 1.0)].build
    return curves[curves.build.isin(theirs)]


def _engines(page, mxnet, planned):
    """Return what is known of the page's engine beside MXNet, of the arms that both completed."""
    wanted = arms.planned(planned)
    sides = [arms.runs(records, planned) for records in (page, mxnet)]
    counts = sum(progress.progress(runs, wanted, ["arm"]) for runs in sides)
    done = counts.index[counts.recorded == counts.planned]
    return {
        "engines": agreement.compared(*(runs[runs.arm.isin(done)] for runs in sides)),
        "engine_runs": counts,
    }


def _stored(path):
    return store.read(path) if path.exists() else []
