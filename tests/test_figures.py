"""Figures: one colour a policy, the rate that ran under every run, the same file every time."""

import io
import warnings

import numpy as np
import pytest

from lrbook import figures
from lrbook.schedules import Constant, Cosine
from lrbook.training.loop import History


def history(name, epochs=3, died=None):
    values = [0.5] * epochs
    lr = np.full(4 * epochs, 0.3)
    return History(
        name, 4, 0, 256, "discard", "subset", "cpu(0)", values, values, values, lr=lr, died=died
    )


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        ("cosine 0.3", "cosine"),
        ("warmup cosine 0.3", "warmup"),
        ("multi-factor 0.5, as coded", "multi-factor"),
        ("factor 0.3", "factor"),
        ("a run of mine", "by hand"),
    ],
)
def test_a_policy_has_its_colour(name, policy):
    assert figures.colour(name) == figures.COLOURS[policy]


def test_policies_differ_in_colour():
    assert len(set(figures.COLOURS.values())) == len(figures.COLOURS)


def test_runs_are_drawn_over_the_rate_in_force():
    runs = [history("constant 0.3"), history("cosine 0.3", epochs=1, died=1)]
    loss, accuracy, rate = figures.plot_runs(*runs).axes
    assert [line.get_label() for line in loss.get_lines()][:2] == ["constant 0.3", "cosine 0.3"]
    assert rate.get_lines()[0].get_ydata().tolist() == runs[0].lr.tolist()
    assert rate.get_lines()[0].get_xdata()[-1] == 11 / 4
    assert [text.get_text() for text in loss.texts + accuracy.texts] == ["dead", "dead"]
    assert [ax.get_ylabel() for ax in (loss, accuracy, rate)] == [
        "train loss",
        "accuracy",
        "learning rate",
    ]


def test_a_policy_that_comes_again_is_lighter():
    loss = figures.plot_runs(history("cosine 0.3"), history("cosine 0.5")).axes[0]
    first, second = loss.get_lines()[:2]
    assert first.get_color() == second.get_color() and first.get_alpha() > second.get_alpha()


def test_a_figure_is_the_same_file_every_time():
    figures.use_style()

    def svg():
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = figures.plot_schedules({"constant": Constant(0.3), "cosine": Cosine(1, 0, 9)})
            figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    assert svg() == svg()


def test_outside_a_notebook_nothing_is_displayed(capsys):
    figures.LiveRun().draw(history("constant 0.3"))
    assert capsys.readouterr().out == ""
