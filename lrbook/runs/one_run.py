"""Train one experiment and tell of it on standard output: ``python -m lrbook.runs.one_run JSON``.

A panel starts this as a process of its own, so that its kernel stays free and *Stop* stops at
once. Each line that it writes is one JSON object: after every epoch the run as far as it has come,
at the end its ``record``, or what is the ``problem``.
"""

import contextlib
import json
import sys

from lrbook.training.data import DataError


def main(settings, out):
    """Train the experiment that `settings` describe; write to `out`."""

    def tell(**message):
        # Who started this may be gone: then this ends, too.
        print(json.dumps(message), file=out, flush=True)

    def on_epoch(history):
        tell(
            device=history.device,
            train_loss=history.train_loss,
            train_acc=history.train_acc,
            test_acc=history.test_acc,
        )

    try:
        from lrbook.runs.experiments import Experiment  # needs MXNet

        experiment = Experiment.from_dict(settings)
        run = experiment.run(on_epoch)
    except (ImportError, DataError) as error:
        tell(problem=str(error))
        return
    tell(record=experiment.record(run))


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):  # what training prints is no message
        main(json.loads(sys.argv[1]), sys.__stdout__)
