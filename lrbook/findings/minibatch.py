"""When a decay pays: what it gains over one rate, and what an average of the weights gains.

The same seed is the same initial weights and, with minibatches of one size, the same order of
images: gains are taken in pairs with one seed. What was asked before the runs were made stands in
``runs/minibatch.toml``.
"""

import itertools
import math

import numpy as np
import pandas as pd

from lrbook.findings import arms, questions
from lrbook.findings.intervals import LEVEL, student
from lrbook.findings.questions import MIN_PAIRS

TRAINING = ["data", "epochs", "random_labels", "batch_size"]
SETTING = [*TRAINING, "base_lr"]
CONSTANT, DECAY, AVERAGE = "constant", "decay", "average"
_ARMS = {"constant": CONSTANT, "cosine": DECAY}
_COMPARED = ["pairs", "dead", "unpaired", "difference", "low", "high"]


def runs(records):
    """Return recorded runs as a table; a run at one rate has a second row for its average.

    Parameters
    ----------
    records : list of dict
        As `lrbook.runs.store.read` returns them, of experiments at a constant rate and with a
        cosine, all with an average of the weights, that the columns below tell apart. Which of
        them count is told by `lrbook.findings.arms.newest`.

    Returns
    -------
    pandas.DataFrame, shape (rows, 10)
        `data`, `epochs`, `random_labels` (a share of 1), `batch_size`, `base_lr`; the `arm`,
        which is `CONSTANT`, `DECAY`, or `AVERAGE` of a constant rate; `seed`; whether the run is
        `dead`; `test_acc` after its last epoch, a share of 1; at a constant rate the `floor`, by
        how many nats the training loss of its last weights is above that of their average, NaN
        in a dead run.

    Raises
    ------
    ValueError
        If a schedule or an average is another, or two experiments can't be told apart.
    """
    rows = [row for record in arms.newest(records) for row in _rows(record)]
    table = pd.DataFrame(rows, columns=[*SETTING, "arm", "seed", "dead", "test_acc", "floor"])
    table = table.astype({"dead": bool, "base_lr": float, "floor": float})
    identity = [*SETTING, "arm", "seed"]
    twice = table[table.duplicated(identity)]
    if len(twice):
        said = ", ".join(f"{name} {twice.iloc[0][name]}" for name in identity)
        raise ValueError(f"two experiments with {said} differ in something else")
    return table.sort_values(identity, ignore_index=True)


def _rows(record):
    experiment, average = record["experiment"], record.get("average")
    arm = _ARMS.get(experiment["policy"])
    ends = experiment.get("horizon"), experiment.get("final_lr")
    wanted = (experiment["num_epochs"], 0) if arm == DECAY else (None, None)
    if arm is None or ends != wanted or "warmup" in experiment or average is None:
        raise ValueError(
            "runs must be at a constant rate, or with a cosine to 0 at the last epoch, and have "
            f"an average of the weights, not {experiment}"
        )
    row = {name: experiment[name] for name in ("data", "batch_size", "base_lr", "seed")}
    row |= {"epochs": experiment["num_epochs"]}
    row |= {"random_labels": experiment.get("random_labels", 0.0)}
    row |= {"arm": arm, "dead": record["died"] is not None, "test_acc": record["test_acc"][-1]}
    if arm == CONSTANT:
        losses = average["last_train_loss"], average["train_loss"]
        yield row | {"floor": np.nan if None in losses else losses[0] - losses[1]}
        last = average["test_acc"][-1:] or [np.nan]  # none if it died before
        yield row | {"arm": AVERAGE, "test_acc": last[0]}
    else:
        yield row


def gains(runs):
    """Return what a decay and an average gain in test accuracy over one rate, by setting.

    Each interval holds with 95 % by itself; nothing is corrected for how many there are.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame, shape (2 × settings, 12)
        The setting, as there; the `gain`, `DECAY` or `AVERAGE`; `pairs`, how many seeds both
        runs lived through; `dead`, how many pairs were left out since a run died; `unpaired`,
        how many runs have no partner; the mean `difference`, and its interval `low`, `high`, NaN
        with fewer than `lrbook.findings.questions.MIN_PAIRS` pairs.
    """
    rows = []
    for setting, group in runs.groupby(SETTING):
        for gain in (DECAY, AVERAGE):
            compared = questions.compare(group, gain, CONSTANT, LEVEL)
            rows.append(dict(zip(SETTING, setting, strict=True)) | {"gain": gain} | compared)
    return pd.DataFrame(rows, columns=[*SETTING, "gain", *_COMPARED])


def floors(runs):
    """Return how high above the average of its weights a constant rate ends, by setting.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame, shape (settings, 9)
        The setting; how many `seeds` lived; the mean `floor` in nats of training loss, and its
        95 % interval `low`, `high`, NaN with fewer than `MIN_PAIRS` seeds.
    """
    rows = []
    for setting, group in runs[runs.arm == CONSTANT].groupby(SETTING):
        values = group.floor.dropna().to_numpy()
        enough = len(values) >= MIN_PAIRS
        low, high = student(values) if enough else (np.nan, np.nan)
        mean = values.mean() if len(values) else np.nan
        rows.append((*setting, len(values), mean, float(low), float(high)))
    return pd.DataFrame(rows, columns=[*SETTING, "seeds", "floor", "low", "high"])


def at_best_rates(runs):
    """Return each arm's run of each seed at the base rate that the other seeds choose.

    They choose the rate of the highest mean test accuracy among those at which none of them died,
    the lower one of equals: so a seed's own luck doesn't choose its rate. Only seeds count that
    all rates of an arm have.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame
        Rows of `runs`, one for each training, arm and seed. A seed without a choice, since it is
        alone or others died at every rate, has none.
    """
    chosen = [runs.head(0)]
    for _, group in runs.groupby([*TRAINING, "arm"]):
        rates = _chosen_rates(group)
        chosen.append(group[group.base_lr == group.seed.map(rates)])
    return pd.concat(chosen)


def _chosen_rates(group):
    """Return the base rate that the others choose for each seed, as a Series."""
    dead = group.pivot(index="seed", columns="base_lr", values="dead").dropna().astype(int)
    accuracies = group.pivot(index="seed", columns="base_lr", values="test_acc").loc[dead.index]
    accuracies = accuracies.where(dead == 0, 0.0)
    others = accuracies.sum() - accuracies
    # Sums of the same accuracies may differ in their last bit.
    others = others.round(12).where(dead.sum() == dead)
    others = others[others.notna().any(axis=1)] if len(dead) > 1 else others.head(0)
    return others.idxmax(axis=1)


def answers(runs, margin):
    """Return what the runs of one plan answer to its questions.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it, of one dataset, number of epochs and share of random labels.
    margin : float
        The smallest difference in test accuracy that matters, a share of 1.

    Returns
    -------
    pandas.DataFrame, shape (questions, 10)
        What was `asked`, 'decay' or 'average' at best base rates of each size, or 'decay' of the
        smallest size less that of the largest, at each rate that both have, and at rates that are
        to each other as the sizes; the two settings compared, `first` and `second`, in words;
        `pairs`, `dead`, `unpaired` and `difference` as in :func:`gains`, but with intervals
        `low`, `high` that hold together with 95 %; the `verdict`, as
        `lrbook.findings.questions.verdicts` reads them.

    Raises
    ------
    ValueError
        If the runs are of several plans.
    """
    plans = runs[TRAINING[:-1]].drop_duplicates()
    if len(plans) != 1:
        raise ValueError(f"answers: runs of one plan are needed, not of {len(plans)}")
    asked = [*_by_size(runs), *_between_sizes(runs)]
    level = 1 - (1 - LEVEL) / len(asked)
    rows = []
    for name, first, second, table in asked:
        compared = questions.compare(table, first, second, level)
        verdict = str(questions.verdicts(compared["low"], compared["high"], margin))
        rows.append({"asked": name, "first": first, "second": second} | compared)
        rows[-1]["verdict"] = verdict
    return pd.DataFrame(rows)


def _by_size(runs):
    best = at_best_rates(runs)
    for size in sorted(runs.batch_size.unique()):
        table = best[best.batch_size == size]
        for gain in (DECAY, AVERAGE):
            words = {arm: f"{arm}, {size}" for arm in (gain, CONSTANT)}
            yield gain, *words.values(), table.assign(arm=table.arm.map(words))


def _between_sizes(runs):
    small, large = runs.batch_size.min(), runs.batch_size.max()
    rates = {n: runs[runs.batch_size == n].base_lr.unique() for n in (small, large)}
    for first, second in itertools.product(rates[small], rates[large]):
        if small == large or not (
            first == second or math.isclose(first / small, second / large, rel_tol=1e-9)
        ):
            continue
        settings = {
            f"{small} at {first:g}": (small, first),
            f"{large} at {second:g}": (large, second),
        }
        tables = [
            _gain_by_seed(runs, *setting).assign(arm=words) for words, setting in settings.items()
        ]
        yield DECAY, *settings, pd.concat(tables)


def _gain_by_seed(runs, size, base_lr):
    """Return the decay's gain of each seed as if it were the test accuracy of a run."""
    here = runs[(runs.batch_size == size) & (runs.base_lr == base_lr)].set_index("seed")
    decay, constant = (here[here.arm == arm] for arm in (DECAY, CONSTANT))
    seeds = decay.index.intersection(constant.index)
    decay, constant = decay.loc[seeds], constant.loc[seeds]
    gain = decay.test_acc - constant.test_acc
    return pd.DataFrame({"test_acc": gain, "dead": decay.dead | constant.dead}).reset_index()
