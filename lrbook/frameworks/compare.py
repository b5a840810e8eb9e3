"""Compare a framework with the book: ``python -m lrbook.frameworks.compare FRAMEWORK...``.

Each example, and each scheduler that is known to part from the book's schedule, is asked for every
update of `SETTINGS` trainings. What they answered goes to ``runs/frameworks/FRAMEWORK.json``, with
the versions that answered: so a test can hold the book to a framework that isn't installed.
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from lrbook.frameworks import ask, settings
from lrbook.frameworks.conventions import CONVENTIONS
from lrbook.making import sources
from lrbook.schedules.updates import rates

SETTINGS = 500
KEPT = 4  # updates of each setting, at most, whose rates are recorded
# Of the highest rate: what sums and products in another order may differ by. Keras has cosines in
# single precision, whatever it's told.
TOLERANCE = {framework: 1e-6 if framework == "keras" else 1e-13 for framework in ask.ASK}
FAULT_UPDATES = (0, 1, 234, 3510, -1)  # those whose rates are recorded of a faulty loop
FOLDER = Path(__file__).resolve().parents[2] / "runs" / "frameworks"
PACKAGES = {
    "mxnet": ["mxnet"],
    "pytorch": ["torch"],
    "optax": ["optax", "jax"],
    "keras": ["keras", "jax"],
    "transformers": ["transformers", "torch"],
}


def drawn(policy):
    """Yield the settings at which a policy is compared: a schedule, and updates an epoch."""
    rng = np.random.default_rng(0)
    for _ in range(SETTINGS):
        yield settings.draw(policy, rng)


def kept(length):
    """Return the updates whose rates are recorded, of so many: the first, the last and between."""
    return np.unique(np.linspace(0, length - 1, KEPT).round().astype(int))


def off(theirs, ours):
    """Return how far rates are from the book's, as shares of its highest rate."""
    return np.abs(theirs - ours) / ours.max()


def compare_example(framework, policy):
    """Return the rates of an example at the `kept` updates of each setting, as lists.

    Raises
    ------
    ValueError
        If a rate of any update isn't the book's.
    """
    make = ask.example(framework, policy)
    answers = []
    for schedule, n in drawn(policy):
        num_updates = settings.length(schedule, n)
        ours = rates(schedule, n, num_updates)
        given = settings.values(schedule)
        if policy == "any":
            given = {"schedule": schedule, "rates": rates(schedule, n, settings.NUM_UPDATES)}
        theirs = ask.rates(framework, make, given | {"updates_per_epoch": n}, num_updates)
        if (worst := off(theirs, ours[:-1]).max()) > TOLERANCE[framework]:
            raise ValueError(f"{framework} {policy}: {schedule} is off by {worst:.1e}")
        answers.append(theirs[kept(num_updates)].tolist())
    return answers


def compare_convention(convention):
    """Return where the two part in the setting of `settings.SHOWN`, as a dict, empty if it refuses.

    Raises
    ------
    ValueError
        If they part where they should agree, agree in most settings where they should part, or the
        framework takes what it should refuse.
    """
    if convention.same is None:
        for schedule, n in drawn(convention.policy):
            _refused(convention, schedule, n)
        return {}
    apart = [_apart(convention, *setting) for setting in drawn(convention.policy)]
    if sum(any(shares > 1e-3) for _, _, shares in apart) < SETTINGS / 2:
        raise ValueError(f"{convention.framework} {convention.name} hardly parts from the book")
    n = settings.SHOWN_UPDATES
    theirs, ours, shares = _apart(convention, settings.SHOWN[convention.policy], n)
    at = int(shares.argmax())
    return {"epoch": at / n, "theirs": theirs[at], "ours": ours[at]}


def _apart(convention, schedule, n):
    """Return both rates of each update, and how far apart they are where that is allowed."""
    schedule = convention.compared(schedule, n)
    given = settings.values(schedule) | {"updates_per_epoch": n}
    theirs = ask.rates(convention.framework, convention.make, given, settings.NUM_UPDATES)
    ours = rates(schedule, n, settings.NUM_UPDATES)[:-1]
    shares = off(theirs, ours)
    same = convention.same(np.arange(settings.NUM_UPDATES), **given)
    if (worst := shares[same].max(initial=0)) > TOLERANCE[convention.framework]:
        where = f"{convention.framework} {convention.name}: {schedule}, {n} updates an epoch"
        raise ValueError(f"{where}, is off by {worst:.1e} where both should agree")
    return theirs, ours, shares * ~same


def _refused(convention, schedule, n):
    given = settings.values(convention.compared(schedule, n)) | {"updates_per_epoch": n}
    try:
        ask.rates(convention.framework, convention.make, given, 1)
    except ValueError:
        return
    raise ValueError(f"{convention.framework} {convention.name} takes {schedule}")


def compare(framework):
    """Return what a framework answered, and its versions, as a dict that JSON can hold."""
    answers = {
        "code": code(framework),
        "versions": {package: version(package) for package in PACKAGES[framework]},
        "examples": {
            policy: compare_example(framework, policy) for policy in ask.examples(framework)
        },
        "conventions": {
            convention.name: compare_convention(convention)
            for convention in CONVENTIONS
            if convention.framework == framework
        },
    }
    if framework == "pytorch":
        answers["faults"] = {
            name: {"updates": len(ran), "rates": [ran[i] for i in FAULT_UPDATES]}
            for name, ran in ask.faults().items()
        }
    return answers


def code(framework):
    """Return the hash of what was asked: the examples, the conventions and the settings."""
    folder = Path(__file__).parent
    files = sorted(folder.glob(f"examples/{framework}*/*.py"))
    files += [folder / f"{name}.py" for name in ("ask", "compare", "conventions", "settings")]
    return sources.code_hash(*(file.read_text("utf-8") for file in files))


def main(frameworks):
    """Compare frameworks, or all that are installed, and record what they answered."""
    for framework in frameworks or filter(installed, ask.ASK):
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps(compare(framework), separators=(",", ":"))
        (FOLDER / f"{framework}.json").write_text(text + "\n", "utf-8")
        print(f"{framework}: compared")


def installed(framework):
    """Return whether all packages of a framework are installed."""
    try:
        return all(version(package) for package in PACKAGES[framework])
    except PackageNotFoundError:
        return False


if __name__ == "__main__":
    main(sys.argv[1:])
