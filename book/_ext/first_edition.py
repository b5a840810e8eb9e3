"""What some sentences still quote: the first edition's runs, five seeds an arm.

The role `first-edition` asks them, and `tests/claims.toml` does for the notebooks. With the last
of these sentences goes this file, `lrbook/findings/first_edition.py` and `runs/first_edition/`.
"""

import functools
import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole
from words import between, mean, of, table

from lrbook.findings import arms
from lrbook.findings import first_edition as study
from lrbook.findings.arms import MEASURES
from lrbook.findings.questions import UNDECIDED
from lrbook.findings.summary import summary
from lrbook.runs import store

FILES = ("first_edition/study.jsonl", "as_coded.jsonl")


class FirstEdition(NamedTuple):
    """All of its runs, as `lrbook.findings.arms.runs`; those as coded have moved."""

    runs: pd.DataFrame


@functools.cache
def read(srcdir):
    """Return the first edition's runs."""
    return FirstEdition(
        arms.runs([run for name in FILES for run in store.read(Path(srcdir, "runs", name))])
    )


def phrase(data, text):
    """Return the number or the verdict that a sentence asks for.

    Parameters
    ----------
    data : FirstEdition
    text : str
        One of `COUNTS`, or a measure (or ``died``) with one of `QUESTIONS` or arms:
        ``test_acc: highest``, ``died: cosine 0.5``, ``test_acc: cosine 0.3 against constant 0.3``.

    Raises
    ------
    ValueError
        If there is no such question or arm.
    """
    if text in COUNTS:
        return str(COUNTS[text](data.runs))
    measure, colon, question = text.partition(": ")
    if not colon or measure not in (*MEASURES, "died"):
        raise ValueError(f"{text!r} is none of {', '.join(COUNTS)}, nor 'measure: question'")
    if question in QUESTIONS:
        return str(QUESTIONS[question](data.runs, measure))
    a, against, b = question.partition(" against ")
    if against:
        return _say(study.compare(data.runs, a, b, measure), measure)
    found = summary(data.runs)
    if question not in found.index:
        raise ValueError(f"{question!r} is none of {', '.join(QUESTIONS)}, nor an arm")
    row = found.loc[question]
    return of(row.dead, row.seeds) if measure == "died" else mean(row, measure)


def _say(verdict, measure):
    if np.isnan(verdict.p):
        return "not compared: too few runs live"
    undecided = verdict.higher == UNDECIDED
    if measure == "died":
        who = UNDECIDED if undecided else f"{verdict.higher} loses more"
        return f"{who} (p = {verdict.p:.2g})"
    if undecided:
        return f"undecided, {between(verdict.low, verdict.high)}"
    low, high = sorted(map(abs, (verdict.low, verdict.high)))
    return f"{verdict.higher} is higher, by {abs(verdict.difference):.3f} ({low:.3f} to {high:.3f})"


def _ranked(runs, measure):
    """Return the mean of each arm that has enough living runs to be compared, highest first."""
    found = study.pairs(runs, measure)
    means = summary(runs)[f"{measure}_mean"]
    return means[sorted({*found.a, *found.b})].sort_values(ascending=False, kind="stable")


def _apart(runs, measure):
    found = study.pairs(runs, measure)
    return f"{(found.higher != UNDECIDED).sum()} of {len(found)}"


def _neighbours(runs, measure):
    ranked = _ranked(runs, measure).index
    verdicts = [study.compare(runs, *pair, measure) for pair in itertools.pairwise(ranked)]
    return f"{sum(v.higher != UNDECIDED for v in verdicts)} of {len(verdicts)}"


COUNTS = {"runs": len, "seeds": lambda runs: runs.groupby("arm").size().max()}
QUESTIONS = {
    "highest": lambda runs, measure: _ranked(runs, measure).index[0],
    "lowest": lambda runs, measure: _ranked(runs, measure).index[-1],
    "told apart": _apart,
    "neighbours told apart": _neighbours,
}


class FirstEditionRole(SphinxRole):
    """A number or a verdict of the first edition in a sentence."""

    def run(self):
        """Return it as text; a question that has no answer is an error."""
        try:
            return [nodes.Text(phrase(read(self.env.srcdir), self.text))], []
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


class FirstEditionTable(SphinxDirective):
    """Its arms: deaths, train loss and test accuracy."""

    def run(self):
        """Return the table."""
        rows = [
            (arm, of(row.dead, row.seeds), mean(row, "train_loss"), mean(row, "test_acc"))
            for arm, row in summary(read(self.env.srcdir).runs).iterrows()
        ]
        return self.parse_text_to_nodes(table(("arm", "dead", "train loss", "test accuracy"), rows))


def setup(app):
    """Register the role and the directive."""
    app.add_role("first-edition", FirstEditionRole())
    app.add_directive("first-edition-table", FirstEditionTable)
    app.connect("builder-inited", lambda app: read.cache_clear())
    return {"parallel_read_safe": True}
