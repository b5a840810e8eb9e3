"""The directive `question`: a prediction on a page that isn't a notebook.

Each is one of `lrbook.live.predict`'s forms, with the answer that the recorded runs or the
frameworks give today. `predictions` hides what follows it.
"""

import json

import results
import results_text
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lrbook.findings import survival
from lrbook.findings.questions import HIGHER, NOT_RUN, UNDECIDED
from lrbook.findings.summary import summary
from lrbook.frameworks import compare
from lrbook.live import predict

_ARMS = {
    "one rate": "constant 0.3",
    "a straight line": "polynomial 0.3, power 1",
    "two drops": "multi-factor 0.3",
    "a cosine": "cosine 0.3, horizon 30",
    "a warmup, then a cosine": "warmup, cosine 0.3",
}
_BEST = "constant", "multi-factor", "square root", "warmup, cosine"


def undecided(data):
    """Ask how many planned questions stay open."""
    verdicts = data.answers.verdict[data.answers.verdict != NOT_RUN]
    return predict.number(
        f"Of the {len(verdicts)} planned questions, how many stay undecided?",
        (verdicts == UNDECIDED).sum(),
        stops=range(len(verdicts) + 1),
        too_low="Schedules from one rate differ by half a point or less, and so do single seeds "
        "of one schedule: even many pairs leave questions open.",
        too_high="Pairs with the same seed share their luck, so they decide more than their "
        "number suggests.",
    )


def best_arm(data):
    """Ask which arm has the highest mean test accuracy."""
    means = summary(data.runs).test_acc_mean
    return predict.choose(
        "Each of these starts from 0.3. Which has the highest mean test accuracy?",
        {
            "one rate": "It keeps up the rattle to the end, where accuracy is read.",
            "a straight line": "It comes down all the time. So do others, and one of them has "
            "something more.",
            "two drops": "They stay high for long and come down far: close to the top, but not "
            "the highest.",
            "a cosine": "It comes down as a line does, slower at both ends.",
            "a warmup, then a cosine": "Its runs scatter the least, and end highest.",
        },
        answer=max(_ARMS, key=lambda words: means[_ARMS[words]]),
    )


def lowest_loss(data):
    """Ask whether the lowest training loss goes with the highest test accuracy."""
    means = summary(data.runs)
    same = means.train_loss_mean.idxmin() == means.test_acc_mean.idxmax()
    return predict.choose(
        "Is the arm with the lowest training loss the one with the highest test accuracy?",
        {
            "yes": "Whoever fits the training images best may have learned them by heart.",
            "no": "A low training loss says how well the training images are known.",
        },
        answer="yes" if same else "no",
    )


def highest_rate(data):
    """Ask which schedule has the highest best base rate."""
    rates = data.chosen.base_lr
    return predict.choose(
        "Which has the highest best base rate?",
        {
            "constant": "It never comes down, so what it starts with is also what it ends with.",
            "multi-factor": "Its drops come when runs that die are long dead.",
            "square root": "It comes down soon, but the first updates, in which runs die, have "
            "the full rate.",
            "warmup, cosine": "It meets its highest rate when the network has learned something.",
        },
        answer=max(_BEST, key=rates.get),
    )


def prevents(data):
    """Ask whether a warmup prevents deaths or puts them off."""
    fewer = survival.does_warmup_help(data.deaths).verdict == HIGHER
    return predict.choose(
        "A warmup of five epochs before a base rate of 0.5, on all images: what does it do to "
        "deaths?",
        {
            "nothing": "The rate that kills comes later, to a network that stands it better.",
            "it puts them off": "Some die at the top of the ramp. But are as many dead in the end?",
            "it prevents some": "Fewer are dead in the end, and those that die do so later.",
        },
        answer="it prevents some" if fewer else "it puts them off",
    )


def contradiction(data):
    """Ask whether a significant and a non-significant ten contradict each other."""
    tens = survival.in_parts(data.deaths).iloc[:-1]
    agree = tens.low.max() <= tens.high.min()
    return predict.choose(
        "One ten has a p below 0.05, another hasn't. Do the two contradict each other?",
        {
            "yes": "A p on either side of a line isn't a yes and a no: look at what the two "
            "intervals share.",
            "no": "Their intervals overlap: there are differences that both allow.",
        },
        answer="no" if agree else "yes",
    )


def edge_moves(data):
    """Ask by which factor a warmup moves the rate at which half of the runs die."""
    with_it, without = (results_text.curve(data, "subset", warmup).half for warmup in (5.0, 0.0))
    return predict.number(
        "At which multiple of the rate at which half die without a warmup do half die with five "
        "epochs of it?",
        with_it / without,
        stops=(0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0),
        too_low="The curves lie further apart than that: look for the bars.",
        too_high="A warmup buys time to learn at low rates. At the top of the ramp the edge is "
        "still there.",
        unit="times",
    )


def deadly(data):
    """Ask from which base rate on most runs die."""
    return predict.number(
        "Whatever the schedule: from which base rate on do more than half of the runs die?",
        results_text.deadly(data),
        stops=sorted({*data.atlas.base_lr}),
        too_low="Runs at this rate mostly live.",
        too_high="Most runs are dead before that, with nearly every schedule.",
    )


def replicates(data):
    """Ask how far printed means are from ours."""
    ours = summary(data.as_coded).test_acc_mean
    theirs = [summary(builds).test_acc_mean for _, builds in data.printed.groupby("framework")]
    apart = max((there - ours).abs().max() for there in theirs)
    one, two, more = "less than a point", "between one and two points", "more than two points"
    return predict.choose(
        "Where the rates were the same, how far is the farthest mean from ours, in points of a "
        "hundred?",
        {
            one: "Most are. One isn't, though the rates agree update by update.",
            two: "Some are that far. One is farther.",
            more: "The same rates aren't yet the same training.",
        },
        answer=one if apart < 0.01 else two if apart < 0.02 else more,
    )


def engines(data):
    """Ask whether the page's engine ends where MXNet does."""
    apart = ((data.engines.low > 0) | (data.engines.high < 0)).any()
    alike, differ = "alike, as far as the seeds can tell", "one of them higher in some setting"
    return predict.choose(
        "Update by update the two engines part soon, since they round differently. Where do they "
        "end?",
        {
            alike: "Which way a run goes is luck, how good such runs are isn't.",
            differ: "Rounding pushes runs apart, but to no side.",
        },
        answer=differ if apart else alike,
    )


def first_update(answered):
    """Ask in how many frameworks a function that counts from 0 is on time."""
    return predict.number(
        "PyTorch, Optax, Keras and MXNet are each given a function that takes 0 for the first "
        "update. In how many of them does the first update have the rate of time 0?",
        3,  # the tests ask all four
        stops=range(5),
        too_low="Most count the updates that are done, and before the first there are none.",
        too_high="One of them calls the first update 1.",
    )


def past_the_horizon(answered):
    """Ask what PyTorch's cosine does past its horizon."""
    found = answered["conventions"]["CosineAnnealingLR"]
    return predict.choose(
        "You train for ten epochs more than the horizon of PyTorch's CosineAnnealingLR. Which "
        "rate do these epochs have?",
        {
            "the final one": "So it is in this book. A formula without a min does what the "
            "cosine does.",
            "one that rises again": "Half a cosine is the way down, the other half the way up.",
        },
        answer="one that rises again" if found["theirs"] > found["ours"] else "the final one",
    )


_LOOPS = {
    "stepped once an epoch": "wrong_loop",
    "a horizon in epochs": "wrong_clock",
    "stepped before the optimizer": "before_the_optimizer",
    "resumed without its state": "resumed_without_state",
}


def ends_at_0(answered):
    """Ask which faulty loop ends at 0."""
    ends = {words: answered["faults"][name]["rates"][-1] for words, name in _LOOPS.items()}
    return predict.choose(
        "Each of these four is wrong. Which one is down at 0 in its last update all the same?",
        {
            "stepped once an epoch": "Thirty steps of 7,020 are nearly none.",
            "a horizon in epochs": "The horizon is over after thirty updates, and the cosine "
            "comes up again, and goes down, and comes up.",
            "stepped before the optimizer": "It is one update off all the way, which nobody sees "
            "at the end.",
            "resumed without its state": "It takes the rate that it finds for its base and comes "
            "down as slowly as the whole did: half of that way is left when the run ends.",
        },
        answer=min(ends, key=ends.get),
    )


def builds_that_died(data):
    """Ask how many builds of the case's fourth run died."""
    accuracy = data.curves[data.curves.policy == "cosine"].test_acc_30
    return predict.number(
        f"Of the {len(accuracy)} builds of the fourth run, the cosine, how many died?",
        (accuracy < 0.15).sum(),
        stops=(0, 1, 2, 5, 10, 15, 20, 25, 30, len(accuracy)),
        too_low="A dead run ends at 0.1.",
        too_high="A dead run stays at 0.1: at the right end, no line is missing from the picture.",
    )


_RUNS = (undecided, best_arm, lowest_loss, highest_rate, prevents, contradiction, edge_moves)
_RUNS += (deadly, replicates, engines, builds_that_died)
OF_RUNS = {ask.__name__: ask for ask in _RUNS}
OF_FRAMEWORKS = {ask.__name__: ask for ask in (first_update, past_the_horizon, ends_at_0)}


class Question(SphinxDirective):
    """The question that the argument names, one of `OF_RUNS` or `OF_FRAMEWORKS`."""

    required_arguments = 1

    def run(self):
        """Return its form; an unknown name is an error."""
        name = self.arguments[0]
        if name in OF_RUNS:
            question = OF_RUNS[name](results.load(self.env))
        elif name in OF_FRAMEWORKS:
            path = compare.FOLDER / "pytorch.json"
            self.env.note_dependency(str(path))
            question = OF_FRAMEWORKS[name](json.loads(path.read_text("utf-8")))
        else:
            raise self.error(f"{name!r} is none of {', '.join((*OF_RUNS, *OF_FRAMEWORKS))}")
        return [nodes.raw("", question.html, format="html", classes=["question"])]


def setup(app):
    """Register the directive."""
    app.add_directive("question", Question)
    return {"parallel_read_safe": True}
