"""The questions that were written down before their runs were made, and what the runs answer.

A question compares two arms by test accuracy, in pairs: the same seed is the same initial
weights and the same order of images in both. Its verdict is read off one interval, that of the
mean difference, and the intervals of all questions hold together with 95 %.

They do by Bonferroni's inequality: with k questions each is a t interval at 1 - 0.05/k, k being
the number of questions in the file, answered or not. A verdict can be wrong only where its
interval misses the true difference, `SAME` (two one-sided tests) no less than `HIGHER` and
`LOWER`: the chance of a wrong verdict, or several, among all is 5 % at most, however the
questions depend on each other. Holm's method would decide more, but it has no interval to read
`SAME` from, and what it says about the side of a difference is proven for independent tests
only; these share arms and seeds.

That each interval holds is Student's assumption. Heavy tails make it wider than need be; skew
breaks it: were the differences of all questions exponential, of 11 with 20 pairs each, a wrong
verdict would come with 23 %. Look at the pairs before you believe a close call.

References
----------
Dunn (1961), "Multiple comparisons among means". Schuirmann (1987), "A comparison of the two
one-sided tests procedure and the power approach for assessing the equivalence of average
bioavailability". Finner (1999), "Stepwise multiple test procedures and control of
directional errors".
"""

import itertools
import tomllib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lrbook.findings.intervals import LEVEL, student

MIN_PAIRS = 3  # living pairs that an interval is made from
HIGHER, LOWER, SAME, UNDECIDED = "higher", "lower", "same", "undecided"
NOT_RUN = "not run yet"
_TEXTS = ("name", "asks", "first", "second")


class QuestionsError(ValueError):
    """The questions can't be read; the message names the file, and the question if one."""


class Question(NamedTuple):
    """Is the test accuracy of the arm `first` higher than that of `second`?

    `asks` says it in words. The arms are named as `lrbook.findings.arms.runs` names them.
    `margin` is the smallest difference that matters, a share of 1.
    """

    name: str
    asks: str
    first: str
    second: str
    margin: float


def read(path):
    """Return the questions of a file.

    Parameters
    ----------
    path : path-like
        TOML: a ``margin`` for all, and entries of ``questions`` with a ``name``, what it
        ``asks``, and the arms ``first`` and ``second``.

    Returns
    -------
    list of Question

    Raises
    ------
    QuestionsError
        If the file can't be read, lacks something, holds something else, or asks the same twice.
    """
    path = Path(path)
    try:
        asked = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise QuestionsError(f"{path}: can't be read ({error.strerror})") from None
    except ValueError as error:
        raise QuestionsError(f"{path}: not TOML: {error}") from None
    _check_names(path, asked, ("margin", "questions"))
    margin, entries = asked["margin"], asked["questions"]
    if type(margin) is not float or not 0 < margin < 1:
        raise QuestionsError(f"{path}: margin must be a number in (0, 1), not {margin!r}")
    if not isinstance(entries, list) or not entries:
        raise QuestionsError(f"{path}: needs at least one entry of 'questions'")
    questions = []
    for number, entry in enumerate(entries, start=1):
        where = f"{path}, question {number}"
        if not isinstance(entry, dict):
            raise QuestionsError(f"{where}: not a table: {entry!r}")
        _check_names(where, entry, _TEXTS)
        for name in _TEXTS:
            if not isinstance(entry[name], str) or not entry[name].strip():
                raise QuestionsError(f"{where}: {name} must be a text, not {entry[name]!r}")
        question = Question(**entry, margin=margin)
        _check_new(where, question, questions)
        questions.append(question)
    return questions


def _check_names(where, table, names):
    for name in names:
        if name not in table:
            raise QuestionsError(f"{where}: lacks {name!r}")
    for name in table:
        if name not in names:
            raise QuestionsError(f"{where}: {name!r} is none of {', '.join(names)}")


def _check_new(where, question, before):
    if question.first == question.second:
        raise QuestionsError(f"{where}: compares {question.first!r} with itself")
    for other in before:
        if question.name == other.name:
            raise QuestionsError(f"{where}: the name {question.name!r} is taken")
        if _arms(question) == _arms(other):
            raise QuestionsError(f"{where}: compares the same arms as {other.name!r}")


def _arms(question):
    return frozenset((question.first, question.second))


def settled(questions, arms):
    """Return the questions with arms that now have a name, such as those at a tuned base rate.

    Parameters
    ----------
    questions : list of Question
    arms : dict of str
        From an arm as a question names it ('cosine, tuned') to the arm of the runs that it
        turned out to be ('cosine 0.4').

    Raises
    ------
    ValueError
        If no question names such an arm, or one would compare an arm with itself.
    """
    named = {arm for question in questions for arm in _arms(question)}
    for arm in arms:
        if arm not in named:
            raise ValueError(f"no question names the arm {arm!r}, but {'; '.join(sorted(named))}")
    found = []
    for question in questions:
        first, second = (arms.get(arm, arm) for arm in (question.first, question.second))
        if first == second:
            raise ValueError(f"{question.name!r} would compare {first!r} with itself")
        found.append(question._replace(first=first, second=second))
    return found


def answers(questions, runs):
    """Return what the runs answer, question by question.

    Parameters
    ----------
    questions : list of Question
        All that were planned: their number makes the intervals as wide as they are.
    runs : pandas.DataFrame
        With `arm`, `seed`, `dead` and `test_acc`, as :func:`lrbook.findings.arms.runs`.

    Returns
    -------
    pandas.DataFrame, shape (questions, 12)
        A `Question` a row, in their order; then `pairs`, how many seeds both arms lived through;
        `dead`, how many pairs were left out since one of their runs died, or both; `unpaired`,
        how many runs have no partner; the mean `difference` of the test accuracy, first less
        second, and its simultaneous interval `low`, `high`, NaN with fewer than `MIN_PAIRS`
        pairs; and the `verdict`, as in :func:`verdicts`, or `NOT_RUN` if an arm has no run.

    Raises
    ------
    ValueError
        If an arm has two runs with the same seed.
    """
    level = 1 - (1 - LEVEL) / len(questions)
    rows = []
    for question in questions:
        compared = compare(runs, question.first, question.second, level)
        low, high = compared["low"], compared["high"]
        run = _arms(question) <= {*runs.arm}
        verdict = str(verdicts(low, high, question.margin)) if run else NOT_RUN
        rows.append(question._asdict() | compared | {"verdict": verdict})
    return pd.DataFrame(rows)


def other_pairs(questions, runs):
    """Return how all pairs of arms differ that no question compares: intervals, no verdicts.

    Each interval holds with 95 % by itself. Of many such intervals some miss: nothing is
    corrected here, and nothing decided.

    Parameters
    ----------
    questions, runs
        As in :func:`answers`.

    Returns
    -------
    pandas.DataFrame, shape (pairs, 8)
        `first`, `second`, `pairs`, `dead`, `unpaired`, `difference`, `low` and `high`, as in
        :func:`answers`, in the order of the arms in `runs`.

    Raises
    ------
    ValueError
        If an arm has two runs with the same seed.
    """
    planned = {_arms(question) for question in questions}
    columns = ["first", "second", "pairs", "dead", "unpaired", "difference", "low", "high"]
    rows = [
        {"first": first, "second": second} | compare(runs, first, second, LEVEL)
        for first, second in itertools.combinations(runs.arm.unique(), 2)
        if {first, second} not in planned
    ]
    return pd.DataFrame(rows, columns=columns)


def compare(runs, first, second, level):
    """Return how two arms differ in test accuracy, in pairs with the same seed.

    Parameters
    ----------
    runs : pandas.DataFrame
        With `arm`, `seed`, `dead` and `test_acc`.
    first, second : str
        The arms.
    level : float
        The share of such intervals that hold, in (0, 1).

    Returns
    -------
    dict
        `pairs`, `dead`, `unpaired`, `difference`, `low` and `high`, as in :func:`answers`.

    Raises
    ------
    ValueError
        If an arm has two runs with the same seed.
    """
    a, b = (_by_seed(runs, arm) for arm in (first, second))
    both = a.add_suffix("_a").join(b.add_suffix("_b"), how="inner").sort_index()
    living = both[~(both.dead_a | both.dead_b)]
    differences = (living.test_acc_a - living.test_acc_b).to_numpy()
    low, high = student(differences, level) if len(living) >= MIN_PAIRS else (np.nan, np.nan)
    return {
        "pairs": len(living),
        "dead": len(both) - len(living),
        "unpaired": len(a) + len(b) - 2 * len(both),
        "difference": differences.mean() if len(living) else np.nan,
        "low": float(low),
        "high": float(high),
    }


def _by_seed(runs, arm):
    found = runs.loc[runs.arm == arm, ["seed", "dead", "test_acc"]]
    twice = found.seed[found.seed.duplicated()]
    if len(twice):
        raise ValueError(f"the arm {arm!r} has two runs with seed {twice.iloc[0]}")
    return found.set_index("seed").astype({"dead": bool})


def verdicts(low, high, margin):
    """Return what intervals of a difference say, an array of texts of shape (...).

    `SAME` if an interval lies between -margin and margin, on whichever side of 0; else `HIGHER`
    or `LOWER` if it lies above or below 0; else, and if it is NaN, `UNDECIDED`.

    Parameters
    ----------
    low, high : float or array-like, shape (...)
    margin : float
        The smallest difference that matters.
    """
    low, high = np.asarray(low), np.asarray(high)
    said = [(-margin < low) & (high < margin), low > 0, high < 0]
    return np.select(said, [SAME, HIGHER, LOWER], UNDECIDED)
