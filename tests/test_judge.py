"""A reader's schedule is right, or the verdict says where it isn't and which mistake it was."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    MultiFactor,
    Polynomial,
    SquareRoot,
    Warmup,
    WarmupStableDecay,
)
from lrbook.schedules.judge import judge

COSINE = Cosine(0.3, 0.01, 20)
WARMED = Warmup(COSINE, 5, 0.02)
WSD = WarmupStableDecay(0.3, 0.01, 2, 10, 5, "sqrt")
ALL = [
    Constant(0.3),
    SquareRoot(0.3),
    Factor(0.3, 0.9, 0.01),
    MultiFactor(0.3, (15, 25), 0.1),
    Polynomial(0.3, 0.01, 20, 2),
    COSINE,
    WARMED,
    WSD,
]


def written(base=0.3, final=0.01, horizon=20, clip=True, clock=float):
    """A cosine as a reader writes it."""

    def schedule(t):
        t = clock(t)
        part = (min(t, horizon) if clip else t) / horizon
        return final + (base - final) * (1 + math.cos(math.pi * part)) / 2

    return schedule


@pytest.mark.parametrize("reference", ALL, ids=lambda schedule: type(schedule).__name__)
def test_the_reference_itself_is_right_on_both_clocks(reference):
    verdict = judge(reference, reference)
    assert verdict.right and str(verdict) == "Right: the same rate at all 601 times."
    verdict = judge(reference.per_update(39), reference, 12, updates_per_epoch=39)
    assert verdict.right and verdict.compared == 12 * 39


def test_another_way_to_write_it_is_right():
    assert judge(written(), COSINE).right
    assert judge(lambda t: np.float32(0.25), Constant(0.25)).right
    assert judge(lambda t: np.array(0.3), Constant(0.3)).right
    assert judge(written(clock=lambda u: (u - 1) / 234), COSINE, 3, updates_per_epoch=234).right


EPOCHS = {
    "one epoch off": written(clock=lambda t: t + 1),
    "don't round": written(clock=math.floor),
    "goes to 0": written(final=0),
    "are exchanged": written(0.01, 0.3),
    "comes up again": written(clip=False),
    "starts again": written(clock=lambda t: t % 20 if t > 20 else t),
}


@pytest.mark.parametrize("words", EPOCHS)
def test_a_usual_mistake_is_named(words):
    verdict = judge(EPOCHS[words], COSINE)
    assert not verdict.right and words in verdict.mistake
    assert verdict.yours == EPOCHS[words](float(verdict.when.split()[3]))


UPDATES = {
    "of the next update: one update off": lambda u: u / 39,
    "of the update before: one update off": lambda u: max(u - 2, 0) / 39,
    "You count updates": float,
    "divide by the updates of an epoch": lambda u: u - 1,
    "Your epoch has 40 updates and this one 39": lambda u: (u - 1) / 40,
    "Your epoch has 38 updates": lambda u: (u - 1) / 38,
    "once an epoch": lambda u: (u - 1) // 39,
}


@pytest.mark.parametrize("words", UPDATES)
def test_a_usual_mistake_on_the_clock_of_updates_is_named(words):
    verdict = judge(written(clock=UPDATES[words]), COSINE, updates_per_epoch=39)
    assert not verdict.right and words in verdict.mistake


WARMUPS = {
    "cut off": lambda t: WARMED(t) if t < 5 else COSINE(t),
    "horizon includes the warmup": Warmup(replace(COSINE, horizon=15), 5, 0.02),
    "starts at 0": Warmup(COSINE, 5),
    "warmup is missing": COSINE,
    "goes to 0": lambda t: WARMED(t) if t < 5 else replace(COSINE, final_lr=0.0)(t - 5),
}


@pytest.mark.parametrize("words", WARMUPS)
def test_a_usual_mistake_of_a_warmup_is_named(words):
    assert words in judge(WARMUPS[words], WARMED).mistake


def test_a_plateau_that_includes_the_warmup_is_named():
    verdict = judge(replace(WSD, stable=8), WSD)
    assert "plateau includes the warmup" in verdict.mistake
    assert verdict.when == "at t = 10.05 epochs" and verdict.expected == 0.3


def test_the_first_difference_is_told_and_no_mistake_made_up():
    verdict = judge(lambda t: 0.3 if t < 7 else 0.2, Constant(0.3))
    assert (verdict.when, verdict.yours, verdict.expected) == ("at t = 7 epochs", 0.2, 0.3)
    assert verdict.mistake == ""
    assert str(verdict) == "It differs first at t = 7 epochs: yours is 0.2, expected is 0.3."
    verdict = judge(lambda t: COSINE(t) if t < 19 else 0.2, COSINE)
    assert verdict.when == "at t = 19 epochs" and verdict.mistake == ""
    verdict = judge(lambda u: 0.3 if u < 1234 else 0, Constant(0.3), updates_per_epoch=234)
    assert str(verdict).startswith("It differs first at update 1,234: yours is 0,")


def test_the_mistake_that_explains_most_is_named_when_there_are_two():
    verdict = judge(written(clip=False, clock=lambda u: u / 39), COSINE, updates_per_epoch=39)
    assert "one update off" in verdict.mistake
    assert verdict.mistake.endswith("up to update 780: there is more.")
    assert "yours is 0.299999" in str(verdict)


def test_one_that_remembers_is_found_though_its_first_answers_are_right():
    class Remembers:
        rate = 0.3

        def __call__(self, update):
            if update > 1:
                self.rate *= 0.9 ** (1 / 39)
            return self.rate

    verdict = judge(Remembers(), Factor(0.3, 0.9, 0.0), 10, updates_per_epoch=39)
    assert "a second time" in verdict.when and "remembers" in verdict.mistake


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda t: None, "At t = 0 epochs your schedule answered None: a return is missing"),
        (lambda t: "0.3", "answered '0.3', which is no number; expected is 0.3."),
        (lambda t: True, "answered True, which is no number"),
        (lambda t: np.ones(2), "which is no number"),
        (lambda t: 0.3 / t, "raised ZeroDivisionError: "),
        (lambda t: math.nan, "yours is nan, expected is 0.3"),
    ],
)
def test_what_is_no_rate_is_told(answer, said):
    verdict = judge(answer, Constant(0.3))
    assert not verdict.right and said in str(verdict)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((0.3, COSINE), TypeError, "yours must be a function or an object to call, not 0.3"),
        ((COSINE, 0.3), TypeError, "reference must be a Schedule, not 0.3"),
        ((COSINE, COSINE, 0), ValueError, r"num_epochs must be an int in \[1, ∞\), not 0"),
        ((COSINE, COSINE, 1.5), TypeError, "num_epochs must be an int"),
        ((COSINE, COSINE, 5, 0), ValueError, "updates_per_epoch must be an int"),
    ],
)
def test_bad_arguments_are_named(arguments, error, said):
    with pytest.raises(error, match=said):
        judge(*arguments)
