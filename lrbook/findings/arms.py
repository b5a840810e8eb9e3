"""Recorded and printed runs as tables, with the name of the arm that each belongs to.

An arm is an experiment without its seed. Nothing here needs MXNet.
"""

import json

import pandas as pd

MEASURES = {
    "train_loss": "train loss",
    "train_acc": "train accuracy",
    "test_acc": "test accuracy",
}
POLICIES = ("constant", "square root", "factor", "multi-factor", "polynomial", "cosine", "warmup")
# The printed builds whose rates in force weren't those of the text. PyTorch's others were, but
# one epoch late, which a warmup doesn't bear: it begins at the full rate.
_AS_CODED = {
    ("mxnet", "square_root"),
    ("mxnet", "multi_factor"),
    ("mxnet", "cosine"),
    ("mxnet", "cosine_warmup"),
    ("pytorch", "multi_factor"),
}
_KEPT = ("seconds", "date", "hardware", "versions", "code")


def runs(records, planned=()):
    """Return recorded runs as a table, arm by arm and seed by seed.

    Parameters
    ----------
    records : list of dict
        As `lrbook.runs.store.read` returns them. Of runs with the same experiment and seed the
        newest stands; an interrupted run is left out.
    planned : list of dict, optional
        Experiments that are still to be run, so that the arms are already named as they will be.

    Returns
    -------
    pandas.DataFrame, shape (runs, 15)
        `arm`, `policy`, `base_lr` and `seed`; whether it is `dead`, the epoch in which it
        `died`, `epochs`; the `MEASURES` after its last epoch, NaN if they weren't finite;
        `seconds`, `date`, `hardware`, `versions` and `code`.
    """
    records = newest(records)
    named = names([*planned, *(record["experiment"] for record in records)])[len(planned) :]
    rows = [_row(name, record) for name, record in zip(named, records, strict=True)]
    rows.sort(key=lambda row: (_place(row["arm"]), row["seed"]))
    columns = ["arm", "policy", "base_lr", "seed", "dead", "died", "epochs", *MEASURES, *_KEPT]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"dead": bool, "died": "Int64", **dict.fromkeys(MEASURES, float)})


def newest(records):
    """Return the newest of the records with the same experiment and seed, interrupted ones never.

    Parameters
    ----------
    records : list of dict
        As `lrbook.runs.store.read` returns them, oldest first.

    Returns
    -------
    list of dict
    """
    found = {}
    for record in records:
        if not record["interrupted"]:
            found[_text(record["experiment"])] = record
    return list(found.values())


def _row(name, record):
    row = {"arm": name, "policy": _policy(name), "base_lr": _base_lr(record["experiment"])}
    row |= {key: record[key] for key in ("seed", "died", *_KEPT)}
    row |= {measure: record[measure][-1] for measure in MEASURES}
    row["versions"] = ", ".join(map(" ".join, record["versions"].items()))
    return row | {"dead": record["died"] is not None, "epochs": len(record["train_loss"])}


def arm_name(experiment):
    """Return what an arm is called: its policy and base rate ('warmup, cosine 0.5, as coded')."""
    if experiment["policy"] == "as_coded":
        name = experiment["scheduler"].replace("warmup ", "warmup, ")
        return f"{name}, as coded"
    return f"{schedule_name(experiment)} {_base_lr(experiment)}"


def schedule_name(experiment):
    """Return what a schedule is called at whatever base rate ('warmup, cosine')."""
    words = experiment["policy"].replace("multi_", "multi-").replace("_", " ")
    return f"warmup, {words}" if "warmup" in experiment else words


def names(experiments, short=arm_name):
    """Return each experiment's arm; those that share a short name get what they differ in.

    Parameters
    ----------
    experiments : list of dict
    short : {arm_name, schedule_name}
        With the second, experiments that differ in nothing but the base rate are one.

    Returns
    -------
    list of str
    """
    ignored = ("base lr",) if short is schedule_name else ()
    alike = {}
    for experiment in experiments:
        alike.setdefault(short(experiment), []).append(_settings(experiment))
    named = []
    for experiment in experiments:
        others = alike[short(experiment)]
        differing = [
            f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in _settings(experiment).items()
            if name not in ignored and any(other.get(name) != value for other in others)
        ]
        named.append(", ".join([short(experiment), *differing]))
    return named


def planned(experiments):
    """Return the arms and seeds of a plan as a table, shape (runs, 2): `arm` and `seed`.

    Parameters
    ----------
    experiments : list of dict
    """
    seeds = [experiment["seed"] for experiment in experiments]
    return pd.DataFrame({"arm": names(experiments), "seed": seeds})


def _settings(experiment):
    flat = {name: value for name, value in experiment.items() if name not in ("seed", "warmup")}
    flat |= {f"warmup {name}": value for name, value in experiment.get("warmup", {}).items()}
    return {name.replace("_", " "): value for name, value in flat.items()}


def _text(settings):
    return json.dumps(settings, sort_keys=True)


def _base_lr(experiment):
    if experiment["policy"] == "as_coded":
        return float(experiment["scheduler"].split()[-1])
    return float(experiment["base_lr"])


def _policy(name):
    return next((policy for policy in POLICIES if name.startswith(policy)), name)


def _place(name):
    """Return where an arm stands among all: as described before as coded, then by policy."""
    policy = _policy(name)
    place = POLICIES.index(policy) if policy in POLICIES else len(POLICIES)
    return name.endswith("as coded"), place, name


def printed(path):
    """Return what the chapter's public MXNet and PyTorch builds of 30 epochs printed.

    Parameters
    ----------
    path : path-like
        ``d2l_printed_results.csv``.

    Returns
    -------
    pandas.DataFrame, shape (results, 7)
        `framework` and `build`; `arm`, named after the rates in force, so that builds stand
        beside the runs with those rates; `dead` and the `MEASURES`.
    """
    table = pd.read_csv(path)
    table = table[table.framework.isin(["mxnet", "pytorch"]) & (table.num_epochs == 30)].copy()
    table["arm"] = [_printed_arm(*row) for row in table[["framework", "policy", "base_lr"]].values]
    table["dead"] = table.test_acc < 0.11
    order = table.arm.map(_place)
    table = table.loc[order.sort_values(kind="stable").index]
    return table[["framework", "build", "arm", "dead", *MEASURES]].reset_index(drop=True)


def _printed_arm(framework, policy, base_lr):
    words = {"cosine_warmup": "warmup, cosine", "multi_factor": "multi-factor"}
    name = f"{words.get(policy, policy.replace('_', ' '))} {base_lr}"
    return f"{name}, as coded" if (framework, policy) in _AS_CODED else name
