"""What the sentences and alt texts of the results page say about the runs."""

import itertools

import numpy as np
from results_tables import dead, mean, seeds

from lrbook.findings import study
from lrbook.findings.arms import MEASURES


def phrase(data, text):
    """Return the number or the verdict that a role asks for.

    Parameters
    ----------
    data : results.Study
    text : str
        One of `COUNTS`, or a measure (or ``died``) with what is asked of it, one of `QUESTIONS`
        or arms: ``test_acc: highest``, ``died: cosine 0.5``,
        ``test_acc: cosine 0.3 against constant 0.3``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such question or arm.
    """
    if text in COUNTS:
        return str(COUNTS[text](data))
    measure, colon, question = text.partition(": ")
    if not colon or measure not in (*MEASURES, "died"):
        raise ValueError(f"{text!r} is none of {', '.join(COUNTS)}, nor 'measure: question'")
    if question in QUESTIONS:
        return str(QUESTIONS[question](data.runs, measure))
    a, against, b = question.partition(" against ")
    if against:
        missing = {a, b} - {*data.runs.arm}
        if missing and missing <= {*data.printed.arm}:
            return "not run yet"
        return _say(study.compare(data.runs, a, b, measure), measure)
    table = study.summary(data.runs)
    if question not in table.index:
        raise ValueError(f"{question!r} is none of {', '.join(QUESTIONS)}, nor an arm")
    return dead(table.loc[question]) if measure == "died" else mean(table.loc[question], measure)


def _say(verdict, measure):
    if np.isnan(verdict.p):
        return "not compared: too few runs live"
    undecided = verdict.higher == study.UNDECIDED
    if measure == "died":
        who = study.UNDECIDED if undecided else f"{verdict.higher} loses more"
        return f"{who} (p = {verdict.p:.2g})"
    if undecided:
        difference, low, high = map(_signed, verdict[1:4])
        return f"undecided, {difference} ({low} to {high})"
    low, high = sorted(map(abs, (verdict.low, verdict.high)))
    return f"{verdict.higher} is higher, by {abs(verdict.difference):.3f} ({low:.3f} to {high:.3f})"


def _signed(value):
    return f"{value:+.3f}".replace("-", "\N{MINUS SIGN}")


def _ranked(runs, measure):
    """Return the mean of each arm that has enough living runs to be compared, highest first."""
    found = study.pairs(runs, measure)
    means = study.summary(runs)[f"{measure}_mean"]
    return means[sorted({*found.a, *found.b})].sort_values(ascending=False, kind="stable")


def _apart(runs, measure):
    found = study.pairs(runs, measure)
    return f"{(found.higher != study.UNDECIDED).sum()} of {len(found)}"


def _neighbours(runs, measure):
    ranked = _ranked(runs, measure).index
    verdicts = [study.compare(runs, *pair, measure) for pair in itertools.pairwise(ranked)]
    return f"{sum(v.higher != study.UNDECIDED for v in verdicts)} of {len(verdicts)}"


def _deadly(data):
    share = data.atlas.groupby("base_lr").dead.mean()
    return min(share.index[share > 0.5], default="none yet")


COUNTS = {
    "runs": lambda data: len(data.runs),
    "dead": lambda data: data.runs.dead.sum(),
    "arms": lambda data: data.runs.arm.nunique(),
    "seeds": lambda data: seeds(data.runs),
    # Up to where the interval of an arm without a death reaches.
    "safe": lambda data: f"{100 * study.wilson(0, data.runs.arm.value_counts().max())[1]:.0f} %",
    "atlas settings": lambda data: data.atlas.arm.nunique(),
    "atlas seeds": lambda data: seeds(data.atlas),
    "atlas runs": lambda data: len(data.atlas),
    "atlas dead": lambda data: data.atlas.dead.sum(),
    # The lowest base rate at which more than half of the runs die.
    "atlas deadly": _deadly,
}
QUESTIONS = {
    "highest": lambda runs, measure: _ranked(runs, measure).index[0],
    "lowest": lambda runs, measure: _ranked(runs, measure).index[-1],
    "compared": lambda runs, measure: len(_ranked(runs, measure)),
    "told apart": _apart,
    "neighbours told apart": _neighbours,
    "smallest p": lambda runs, measure: f"{study.pairs(runs, measure).p.min():.2g}",
}


def _alt_arms(data, measure):
    table = study.summary(data.runs)
    means = [f"{arm} {mean(row, measure)} ({dead(row)} dead)" for arm, row in table.iterrows()]
    return f"{MEASURES[measure].capitalize()} of every run, by arm. Mean ± sd: {'; '.join(means)}."


def _alt_deaths(data):
    table = study.summary(data.runs)
    shares = [f"{arm} {dead(row)}" for arm, row in table.iterrows()]
    return f"Share of dead runs by arm, with its interval. {'; '.join(shares)}."


def _alt_pairs(data, measure):
    return (
        f"Triangle of all pairs of arms by {MEASURES[measure]}, highest mean first. "
        f"{_apart(data.runs, measure)} pairs are told apart."
    )


ALT = {"arms": _alt_arms, "deaths": _alt_deaths, "pairs": _alt_pairs}
