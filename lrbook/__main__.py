"""The command ``python -m lrbook``."""

import argparse
import logging
import sys
from pathlib import Path


def main(arguments=None):
    """Run the command; return its exit status: 0, 1 when runs are left, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m lrbook")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "sweep",
        help="train the experiments of a plan",
        description="Train the experiments of a plan that its store lacks. The same command "
        "again does what is missing and nothing else.",
    )
    command.add_argument("plan", metavar="FILE", type=Path, help="a plan in TOML")
    command.add_argument(
        "--store", type=Path, help="where the runs go (FILE with the ending .jsonl)"
    )
    command.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler to run on")
    command.add_argument(
        "--workers", type=_count, help="processes to start here (one a GPU, else one a core)"
    )
    command.set_defaults(run=_sweep)
    options = parser.parse_args(arguments)
    if options.scheduler and options.workers:
        parser.error("--workers starts processes here; a --scheduler has its own")
    try:
        return options.run(options)
    except ImportError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _count(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be an integer in [1, ∞), not {text!r}")
    return int(text)


def _sweep(options):
    from lrbook.runs import plan, store
    from lrbook.runs.sweep import SweepError, sweep

    # Dask tells of every worker that comes and goes; the sweep says what matters.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        experiments = plan.read(options.plan)
        path = options.store or options.plan.with_suffix(".jsonl")
        print(f"{options.plan}: {len(experiments)} experiments; the runs go to {path}", flush=True)
        report = sweep(experiments, path, options.scheduler, options.workers)
    except (plan.PlanError, store.StoreError, SweepError) as error:
        print(f"sweep: {error}", file=sys.stderr)
        return 1
    print(report)
    if report.interrupted:
        print("interrupted: the same command goes on from here")
        return 130
    return int(report.left > 0)


if __name__ == "__main__":
    sys.exit(main())
