"""What a sentence can ask of the runs: the role `study` of every page in `book/`."""

import numpy as np
import pandas as pd
from words import between, join, mean, of, signed

from lrbook.findings import survival, tuned
from lrbook.findings.arms import MEASURES
from lrbook.findings.questions import HIGHER, LOWER, NOT_RUN, SAME
from lrbook.findings.summary import summary


def phrase(data, text):
    """Return what a role asks for; of runs that aren't complete, how far they have come.

    Parameters
    ----------
    data : results_data.Results
    text : str
        One of `COUNTS`, or one of `ASKED` with what it is asked of: ``verdict: decay``,
        ``test_acc: cosine 0.3, horizon 20``, ``rate: cosine``, ``dead: subset 0.5 warmup 5``,
        ``half: subset warmup 0``.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such question, arm, schedule or setting.
    """
    if text in COUNTS:
        return str(COUNTS[text](data))
    what, colon, name = text.partition(": ")
    if not colon or what not in ASKED:
        asked = ", ".join(f"'{known}: …'" for known in ASKED)
        raise ValueError(f"{text!r} is none of {', '.join(COUNTS)}, nor {asked}")
    return ASKED[what](data, name)


def recorded(counts, unit="runs"):
    """Return '12 of 20 seeds recorded', of a row of `lrbook.findings.progress`."""
    return f"{of(counts.recorded, counts.planned)} {unit} recorded"


def known(name, names):
    """Make sure that a name is known."""
    if name not in names:
        raise ValueError(f"{name!r} is none of {'; '.join(map(str, names))}")
    return name


# The planned questions


def verdict(data, name):
    """Return the verdict on a planned question with its interval, or what it waits for."""
    answer = _answer(data, name)
    if answer.verdict == NOT_RUN:
        return waiting(data, answer)
    if np.isnan(answer.low):
        return f"undecided: only {answer.pairs} of {answer.pairs + answer.dead} pairs live"
    interval = between(answer.low, answer.high)
    if answer.verdict == SAME:
        return f"the same within {answer.margin:g} ({interval})"
    if answer.verdict in (HIGHER, LOWER):
        return f"{answer.verdict}, by {abs(answer.difference):.4f} ({interval})"
    return f"undecided, {signed(answer.difference)} ({interval})"


def _answer(data, name):
    answers = data.answers.set_index("name", drop=False)
    return answers.loc[known(name, answers.index)]


def waiting(data, question):
    """Return what the answer to a question waits for."""
    for arm in (question.first, question.second):
        schedule, is_tuned, _ = arm.partition(", tuned")
        if not is_tuned:
            continue
        counts = data.grids.loc[schedule]
        if counts.recorded < counts.planned:
            return f"its base rates are being chosen, {recorded(counts)}"
        if np.isnan(rate := data.chosen.base_lr[schedule]):
            return f"no base rate of the grid lets every seed of {schedule} live"
        return f"{schedule} from {rate:g}: not run yet"
    counts = data.study.loc[[question.first, question.second]]
    return recorded(counts.loc[counts.recorded.idxmin()], "seeds")


def pairs(data, name):
    """Return how many pairs a question rests on: '18 pairs, 2 with a dead run left out'."""
    answer = _answer(data, name)
    if answer.verdict == NOT_RUN:
        return waiting(data, answer)
    left_out = f", {answer.dead} with a dead run left out" if answer.dead else ""
    return f"{answer.pairs} pairs{left_out}"


def twin(data, answer):
    """Return the name of an earlier question that compares the same two arms, or None."""
    for other in data.answers.itertuples():
        if other.name == answer.name:
            return None
        if {other.first, other.second} == {answer.first, answer.second}:
            return other.name
    return None


# Arms, rates, deaths


def _measured(measure):
    def answer(data, arm):
        if arm not in {*data.runs.arm}:
            return recorded(data.study.loc[known(arm, data.study.index)], "seeds")
        return mean(summary(data.runs).loc[arm], measure)

    return answer


def _died(data, arm):
    if arm not in {*data.runs.arm}:
        return recorded(data.study.loc[known(arm, data.study.index)], "seeds")
    dead = data.runs.dead[data.runs.arm == arm]
    return of(dead.sum(), len(dead))


def _beside(source, measure):
    """Return what answers for runs as coded, or for one framework's printed builds."""

    def answer(data, arm):
        if source == "as coded":
            runs, unit = data.as_coded, "runs"
        else:
            runs, unit = data.printed[data.printed.framework == source], "builds"
        row = summary(runs).loc[known(arm, {*runs.arm})]
        return f"{mean(row, measure)} in {row.seeds:.0f} {unit}"

    return answer


def rate(data, schedule):
    """Return a schedule's own best base rate, and which others are as good."""
    counts = data.grids.loc[known(schedule, data.grids.index)]
    if counts.recorded < counts.planned:
        return recorded(counts)
    chosen = data.chosen.loc[schedule]
    if np.isnan(chosen.base_lr):
        return "none: at every rate a seed dies"
    ties = join([f"{tie:g}" for tie in chosen.ties]) if chosen.ties else ""
    return f"{chosen.base_lr:g}" + (f" ({ties} within the margin)" if ties else "")


def setting(text):
    """Return the setting that 'subset 0.5 warmup 5' names: (data, base rate, warmup)."""
    try:
        name, base_lr, _, duration = text.split()
        return name, float(base_lr), float(duration)
    except ValueError:
        raise ValueError(f"{text!r} is no setting such as 'subset 0.5 warmup 5'") from None


def _of_setting(say):
    """Return what says something of when a setting's runs died, once all are recorded."""

    def answer(data, text):
        place = known(setting(text), [*data.settings.index])
        counts = data.settings.loc[place]
        if counts.recorded < counts.planned:
            return recorded(counts)
        return say(data.deaths.set_index(survival.SETTING).sort_index().died.loc[place])

    return answer


def _dead(died):
    return of(died.notna().sum(), len(died))


def _when(died):
    """Return in which epochs runs died: 'epochs 5 to 9'."""
    if died.isna().all():
        return "no epoch"
    first, last = died.min(), died.max()
    return f"epoch {first}" if first == last else f"epochs {first} to {last}"


def warmup_question(data):
    """Return what the planned question on deaths says, or what it waits for."""
    counts = data.settings.loc[[survival.WITH, survival.WITHOUT]].sum()
    answer = survival.does_warmup_help(data.deaths)
    if answer.verdict == NOT_RUN:
        return recorded(counts)
    words = {HIGHER: "more live with it", LOWER: "fewer live with it"}
    points, p = points_and_p(answer)
    return f"{words.get(answer.verdict, answer.verdict)} ({points}, {p})"


def points_and_p(answer):
    """Return '+60 points, +16 to +80' and 'p = 0.023', of a `lrbook.findings.survival.Answer`."""
    difference, low, high = (
        f"{100 * x:+.0f}".replace("-", "\N{MINUS SIGN}")
        for x in (answer.difference, answer.low, answer.high)
    )
    p = "p < 0.001" if answer.p < 0.001 else f"p = {answer.p:.2g}"
    return f"{difference} points, {low} to {high}", p


def curve(data, name, warmup):
    """Return what is known of the base rate at which half die, or None if runs are missing.

    The runs of every base rate of that data and warmup must be complete.
    """
    counts = data.settings.xs((name, warmup), level=("data", "warmup"))
    if len(counts) < 2 or (counts.recorded < counts.planned).any():
        return None
    found = survival.half_rates(data.deaths).set_index(["data", "warmup"])
    return found.loc[(name, warmup)]


def half(data, text):
    """Return at which base rate half of the runs die: '0.47 (0.41 to 0.55)'."""
    name, _, duration = text.partition(" warmup ")
    group = name, float(duration or "nan")
    known(group, [*data.settings.groupby(["data", "warmup"]).size().index])
    found = curve(data, *group)
    if found is None:
        counts = data.settings.xs(group, level=("data", "warmup")).sum()
        return recorded(counts)
    low = f"{found.low:.2f}" if found.low > 0 else "any lower rate"
    high = f"{found.high:.2f}" if np.isfinite(found.high) else "any higher rate"
    middle = f"{found.half:.2f}" if pd.notna(found.half) else "not known"
    return f"{middle} ({low} to {high})"


# Counts


def deadly(data):
    """Return the lowest base rate of the atlas at which more than half of the runs die."""
    share = data.atlas.groupby("base_lr").dead.mean()
    return min(share.index[share > 0.5], default=np.nan)


def _seeds(data):
    low, high = data.study.planned.min(), data.study.planned.max()
    return str(low) if low == high else f"{low} to {high}"


def _all_dead(data):
    return of(data.runs.dead.sum(), len(data.runs)) if len(data.runs) else "not known yet"


def _atlas_seeds(data):
    counts = data.atlas.groupby("arm").size()
    low, high = counts.min(), counts.max()
    return str(low) if low == high else f"{low} to {high}"


COUNTS = {
    "builds": lambda data: data.curves.build.nunique(),
    "questions": lambda data: len(data.questions),
    "answered": lambda data: (data.answers.verdict != NOT_RUN).sum(),
    "margin": lambda data: f"{data.questions[0].margin:g}",
    "seeds": _seeds,
    "arms": lambda data: len(data.study),
    "runs": lambda data: data.study.planned.sum(),
    "recorded": lambda data: recorded(data.study.sum()),
    "dead": _all_dead,
    "reference": lambda data: f"{tuned.REFERENCE:g}",
    "rates recorded": lambda data: recorded(data.grids.sum()),
    "deaths recorded": lambda data: recorded(data.settings.sum()),
    "warmup at 0.5": warmup_question,
    "atlas settings": lambda data: data.atlas.arm.nunique(),
    "atlas seeds": _atlas_seeds,
    "atlas runs": lambda data: len(data.atlas),
    "atlas dead": lambda data: data.atlas.dead.sum(),
    "atlas deadly": lambda data: f"{deadly(data):g}",
    "engine seeds": lambda data: f"{data.engine_runs.planned.iloc[0] // 2:.0f}",
    "atlas updates": lambda data: data.atlas_updates,
}
ASKED = {
    "verdict": verdict,
    "pairs": pairs,
    **{measure: _measured(measure) for measure in MEASURES},
    "died": _died,
    **{
        f"{source} {measure}": _beside(source, measure)
        for source in ("as coded", "mxnet", "pytorch")
        for measure in MEASURES
    },
    "rate": rate,
    "dead": _of_setting(_dead),
    "when": _of_setting(_when),
    "half": half,
}
