"""The tables of the results page, as Markdown and as CSV files."""

import numpy as np
import pandas as pd
from results_text import curve, half, pairs, points_and_p, rate, recorded, twin, verdict
from words import NBSP, between, mean, of, signed, span, table

from lrbook.findings import arms, questions, survival, tuned
from lrbook.findings.arms import MEASURES
from lrbook.findings.questions import NOT_RUN
from lrbook.findings.summary import summary

BUILDS = {"mxnet": "MXNet builds", "pytorch": "PyTorch builds"}


def provenance(data):
    """Return where the runs of complete arms come from, as a list."""
    items = {
        "Planned": f"{len(data.study)} arms, {data.study.planned.sum()} runs; "
        f"{recorded(data.study.sum())}",
        "Shown below": f"the {data.runs.arm.nunique()} arms whose runs are all recorded",
    }
    if len(runs := data.runs):
        first, last = runs.date.str[:10].min(), runs.date.str[:10].max()
        when = f"on {first}" if first == last else f"from {first} to {last}"
        items |= {
            "Dead": runs.dead.sum(),
            "Training": f"{runs.seconds.sum() / 3600:.1f} hours, {when}",
            "Machine": "; ".join(sorted(runs.hardware.unique())),
            "Versions": "; ".join(sorted(runs.versions.unique())),
            "Hash of the training code": ", ".join(f"`{c[:8]}`" for c in sorted({*runs.code})),
        }
    return "".join(f"- {name}: {value}\n" for name, value in items.items())


def answers(data):
    """Return the table of the planned questions: what is compared, and what the runs answer."""
    rows = []
    for answer in data.answers.itertuples():
        asked = f"**{answer.name}**: {answer.asks}<br>*{answer.first}* against *{answer.second}*"
        said = [verdict(data, answer.name)]
        if answer.verdict != NOT_RUN:
            said.append(pairs(data, answer.name))
            if other := twin(data, answer):
                said.append(f"the same runs as *{other}*")
        rows.append((asked, "<br>".join(said)))
    return table(("question", "answer"), rows)


def others(data):
    """Return the table of all other pairs of complete arms: intervals, no verdicts."""
    found = questions.other_pairs(data.questions, data.runs)
    if found.empty:
        return f"Not yet: {recorded(data.study.sum())}.\n"
    rows = [
        (
            row.first,
            row.second,
            f"{row.pairs}",
            signed(row.difference) if row.pairs else "",
            "" if np.isnan(row.low) else between(row.low, row.high),
        )
        for row in found.itertuples()
    ]
    return table(("first", "second", "pairs", "first less second", "95 % interval"), rows)


def every_arm(data):
    """Return the table of all planned arms: deaths, and mean ± sd with the mean's interval."""
    known = summary(data.runs)
    rows = []
    for arm, row in known.iterrows():
        share = f"{span(100 * row.share_low, 100 * row.share_high, 0)}{NBSP}%"
        cells = [f"{mean(row, name)}<br>{_interval(row, name)}" for name in MEASURES]
        rows.append((arm, f"{of(row.dead, row.seeds)}<br>{share}", *cells))
    for arm, counts in data.study.iterrows():
        if arm not in known.index:
            rows.append((arm, recorded(counts, "seeds"), *[""] * len(MEASURES)))
    return table(("arm", "dead", *MEASURES.values()), rows)


def _interval(row, measure):
    low, high = row[f"{measure}_low"], row[f"{measure}_high"]
    return "" if np.isnan(low) else span(low, high)


def rates(data):
    """Return the table of the base rates that were chosen on held-out images."""
    rows = []
    for schedule, counts in data.grids.iterrows():
        if counts.recorded < counts.planned or pd.isna(data.chosen.base_lr[schedule]):
            rows.append((schedule, rate(data, schedule), *[""] * 4))
            continue
        chosen = data.chosen.loc[schedule]
        here = (data.rates.schedule == schedule) & (data.rates.base_lr == chosen.base_lr)
        sd = data.rates.sd[here].iloc[0]
        accuracy = f"{chosen['mean']:.3f}{NBSP}±{NBSP}{sd:.3f}"
        ties = ", ".join(f"{tie:g}" for tie in chosen.ties)
        best = f"{chosen.base_lr:g}"
        rows.append((schedule, best, accuracy, ties, _near(chosen), _beyond(chosen)))
    margin = f"within {data.questions[0].margin:g} of it"
    reference = f"from {tuned.REFERENCE:g}"
    head = ("schedule", "best rate", "accuracy", margin, reference, "next rate above")
    return table(head, rows)


def _near(chosen):
    if chosen.steps == 0:
        return "the same"
    return "its neighbour" if abs(chosen.steps) == 1 else f"{abs(chosen.steps)} steps"


def _beyond(chosen):
    if np.isnan(chosen.above):
        return "end of the grid"
    return f"{chosen.above:g}{', seeds die' if chosen.borders_death else ''}"


def deaths(data):
    """Return the table of dead runs of all runs, by data and base rate, for each warmup."""
    warmups = sorted({*data.settings.index.get_level_values("warmup")})
    known = survival.deaths(data.deaths).set_index(survival.SETTING)
    rows = []
    for place in data.settings.groupby(["data", "base_lr"], sort=False).size().index:
        cells = [_dead(data.settings, known, (*place, warmup)) for warmup in warmups]
        rows.append((place[0], f"{place[1]:g}", *cells))
    names = [f"warmup of {w:g}" if w else "no warmup" for w in warmups]
    return table(("data", "base rate", *names), rows)


def _dead(settings, known, place):
    if place not in settings.index:
        return ""
    counts = settings.loc[place]
    if place not in known.index:
        return recorded(counts)
    row = known.loc[place]
    share = f"{span(100 * row.low, 100 * row.high, 0)}{NBSP}%"
    return f"{of(row.dead, row.runs)}<br>{share}"


def tens(data):
    """Return the table of what ten seeds at a time answer, and all of them."""
    counts = data.settings.loc[[survival.WITH, survival.WITHOUT]].sum()
    if counts.recorded < counts.planned:
        return f"Not yet: {recorded(counts)}.\n"
    rows = [
        (
            f"{part.first} to {part.last}",
            of(part.runs_without - part.alive_without, part.runs_without),
            of(part.runs_with - part.alive_with, part.runs_with),
            *points_and_p(part),
        )
        for part in survival.in_parts(data.deaths).itertuples()
    ]
    return table(("seeds", "dead without", "dead with", "more alive with it", "p"), rows)


def halves(data):
    """Return the table of base rates at which half of the runs die."""
    rows = []
    groups = data.settings.groupby(["data", "warmup"], sort=False).size()
    for name, warmup in groups.index[groups > 1]:
        found = curve(data, name, warmup)
        slope = "" if found is None else f"{found.slope:.1f}"
        rows.append((name, f"{warmup:g}", half(data, f"{name} warmup {warmup:g}"), slope))
    return table(("data", "warmup (epochs)", "half die at a base rate of", "slope"), rows)


def beside(data):
    """Return the table of the chapter's schedules: these runs beside each framework's builds."""
    ours = summary(data.as_coded)
    theirs = {name: summary(group) for name, group in data.printed.groupby("framework")}
    rows = [
        (arm, *(_cell(found, arm) for found in (ours, *map(theirs.get, BUILDS))))
        for arm in ours.index
    ]
    return table(("test accuracy", "here", *BUILDS.values()), rows)


def _cell(found, arm):
    if arm not in found.index:
        return ""
    row = found.loc[arm]
    count = f"{row.seeds:.0f} runs" + (f", {row.dead:.0f} dead" if row.dead else "")
    return f"{mean(row)}<br>{count}"


def atlas(data):
    """Return the table of deaths on the subset, by base learning rate and policy."""
    policies = [policy for policy in arms.POLICIES if policy in set(data.atlas.policy)]
    rows = []
    for base_lr, group in data.atlas.groupby("base_lr"):
        columns = [group, *(group[group.policy == policy] for policy in policies)]
        # "of" would make the table too wide for a page.
        counts = [f"{c.dead.sum()}/{len(c)}" if len(c) else "" for c in columns]
        rows.append((f"{base_lr:g}", *counts))
    return table(("rate", "all", *policies), rows)


def engines(data):
    """Return the table of the page's engine beside MXNet: accuracies, deaths, and the power."""
    known = data.engines.set_index("arm")
    rows = []
    for arm, counts in data.engine_runs.iterrows():
        if arm not in known.index:
            rows.append((arm, recorded(counts), "", "", ""))
            continue
        row = known.loc[arm]
        cells = [
            f"{row[f'mean_{side}']:.4f}{NBSP}±{NBSP}{row[f'sd_{side}']:.4f}<br>"
            f"{of(row[f'dead_{side}'], row[f'seeds_{side}'])} dead"
            for side in ("first", "second")
        ]
        difference = f"{signed(row.difference)}<br>{between(row.low, row.high)}"
        rows.append((arm, *cells, difference, f"{row.detectable:.4f}"))
    head = ("test accuracy", "the page", "MXNet", "page less MXNet", "found in 4 of 5")
    return table(head, rows)


TABLES = {
    "engines": engines,
    "provenance": provenance,
    "answers": answers,
    "others": others,
    "arms": every_arm,
    "rates": rates,
    "deaths": deaths,
    "tens": tens,
    "halves": halves,
    "beside": beside,
    "atlas": atlas,
}


def _summaries(data):
    tables = {"study": data.runs, "as coded": data.as_coded}
    tables |= dict(iter(data.printed.groupby("framework")))
    tables = {source: summary(found).reset_index() for source, found in tables.items()}
    return pd.concat(tables, names=["source"]).reset_index("source")


DOWNLOADS = {
    "study_runs.csv": ("every run of the complete arms, after its last epoch", lambda d: d.runs),
    "study_answers.csv": ("the planned questions and their answers", lambda d: d.answers),
    "study_other_pairs.csv": (
        "all other pairs",
        lambda data: questions.other_pairs(data.questions, data.runs),
    ),
    "study_summary.csv": ("every complete arm, and the printed builds", _summaries),
    "rates.csv": ("every schedule at every base rate, on held-out images", lambda d: d.rates),
    "deaths.csv": ("who died when", lambda data: data.deaths),
}
