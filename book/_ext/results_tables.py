"""The tables of the results page, as Markdown and as CSV files."""

import numpy as np
import pandas as pd

from lrbook.findings import arms, study
from lrbook.findings.arms import MEASURES

NBSP = "\N{NO-BREAK SPACE}"
JOINER = "\N{WORD JOINER}"
BUILDS = {"mxnet": "MXNet builds", "pytorch": "PyTorch builds"}


def mean(row, measure):
    """Return 'mean ± sd' of a measure, from a row of `study.summary`."""
    value, sd = row[f"{measure}_mean"], row[f"{measure}_sd"]
    if np.isnan(value):
        return "none lives"
    return f"{value:.3f}" if np.isnan(sd) else f"{value:.3f}{NBSP}±{NBSP}{sd:.3f}"


def dead(row):
    """Return '1 of 5', from a row of `study.summary`."""
    return _of(row.dead, row.seeds)


def _of(count, total):
    return f"{count:.0f}{NBSP}of{NBSP}{total:.0f}"


def _range(low, high, digits=3):
    return f"{low:.{digits}f}{JOINER}–{JOINER}{high:.{digits}f}"


def seeds(runs):
    """Return how many seeds an arm has: a number, or a range of two."""
    counts = runs.groupby("arm").size()
    low, high = counts.min(), counts.max()
    return str(low) if low == high else f"{low} to {high}"


def provenance(data):
    """Return where the runs come from, as a list."""
    runs = data.runs
    first, last = runs.date.str[:10].min(), runs.date.str[:10].max()
    when = f"on {first}" if first == last else f"from {first} to {last}"
    items = {
        "Runs": f"{len(runs)}, of {runs.arm.nunique()} arms with {seeds(runs)} seeds each",
        "Dead": runs.dead.sum(),
        "Training": f"{runs.seconds.sum() / 3600:.1f} hours, {when}",
        "Machine": "; ".join(sorted(runs.hardware.unique())),
        "Versions": "; ".join(sorted(runs.versions.unique())),
        "Hash of the training code": ", ".join(f"`{c[:8]}`" for c in sorted(runs.code.unique())),
    }
    return "".join(f"- {name}: {value}\n" for name, value in items.items())


def summary(data):
    """Return the table of all arms: deaths, and mean ± sd with the mean's interval."""
    rows = []
    for arm, row in study.summary(data.runs).iterrows():
        share = f"{_range(100 * row.share_low, 100 * row.share_high, 0)}{NBSP}%"
        cells = [f"{mean(row, name)}<br>{_interval(row, name)}" for name in MEASURES]
        rows.append((arm, f"{dead(row)}<br>{share}", *cells))
    return _table(("arm", "dead", *MEASURES.values()), rows)


def _interval(row, measure):
    low, high = row[f"{measure}_low"], row[f"{measure}_high"]
    return "" if np.isnan(low) else _range(low, high)


def beside(data, measure):
    """Return the table of arms that were printed: this study beside each framework's builds."""
    ours = study.summary(data.runs)
    theirs = {name: study.summary(group) for name, group in data.printed.groupby("framework")}
    rows = [
        (arm, *(_cell(table, arm, measure) for table in (ours, *map(theirs.get, BUILDS))))
        for arm in data.printed.arm.unique()
    ]
    return _table(("arm", "this study", *BUILDS.values()), rows)


def _cell(table, arm, measure):
    if arm not in table.index:
        return ""
    row = table.loc[arm]
    count = f"{row.seeds:.0f} runs" + (f", {row.dead:.0f} dead" if row.dead else "")
    return f"{mean(row, measure)}<br>{count}"


def pairs(data, measure):
    """Return the table of the pairs that are told apart, the widest difference first."""
    found = study.pairs(data.runs, measure)
    found = found[found.higher != study.UNDECIDED]
    rows = []
    for row in found.loc[found.difference.abs().sort_values(ascending=False).index].itertuples():
        lower = row.b if row.higher == row.a else row.a
        low, high = sorted((abs(row.low), abs(row.high)))
        p = f"<{NBSP}0.001" if row.p < 0.001 else f"{row.p:.3f}"
        rows.append((row.higher, lower, f"{abs(row.difference):.3f}", _range(low, high), p))
    return _table(("higher", "lower", "difference", "interval", "p"), rows)


def atlas(data):
    """Return the table of deaths on the subset, by base learning rate and policy."""
    policies = [policy for policy in arms.POLICIES if policy in set(data.atlas.policy)]
    rows = []
    for base_lr, group in data.atlas.groupby("base_lr"):
        columns = [group, *(group[group.policy == policy] for policy in policies)]
        # "of" would make the table too wide for a page.
        counts = [f"{c.dead.sum()}/{len(c)}" if len(c) else "" for c in columns]
        rows.append((f"{base_lr:g}", *counts))
    return _table(("base rate", "all", *policies), rows)


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES = {
    "provenance": provenance,
    "summary": summary,
    "beside": beside,
    "pairs": pairs,
    "atlas": atlas,
}


def _all_summaries(data):
    tables = {"this study": data.runs, **dict(iter(data.printed.groupby("framework")))}
    tables = {source: study.summary(table).reset_index() for source, table in tables.items()}
    return pd.concat(tables, names=["source"]).reset_index("source")


def _all_pairs(data):
    tables = {measure: study.pairs(data.runs, measure) for measure in (*MEASURES, "died")}
    return pd.concat(tables, names=["measure"]).reset_index("measure")


DOWNLOADS = {
    "study_runs.csv": ("every run, after its last epoch", lambda data: data.runs),
    "study_summary.csv": ("every arm, and the printed builds", _all_summaries),
    "study_pairs.csv": ("every comparison, with its interval and p", _all_pairs),
}
