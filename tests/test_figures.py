"""Figures: one colour a policy, the rate that ran under every run, the same file every time."""

import io
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb

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


def test_a_policy_that_comes_again_is_told_apart_without_colour():
    powers = ("polynomial 0.3, power 1", "polynomial 0.3, power 2")
    loss = figures.plot_runs(*map(history, powers)).axes[0]
    first, second = loss.get_lines()[:2]
    assert first.get_marker() != second.get_marker()
    grey = [to_rgb(line.get_color()) @ np.array([0.299, 0.587, 0.114]) for line in (first, second)]
    assert grey[0] - grey[1] > 0.2


def with_rates(lr):
    run = history("cosine 0.5, as coded", epochs=len(lr) // 4)
    run.lr = np.array(lr)
    return run


def test_a_schedule_that_is_over_at_once_has_an_inset_over_updates():
    rate = figures.plot_runs(with_rates([0.5, 0.3, 0.1] + [0.01] * 117)).axes[2]
    (inset,) = rate.child_axes
    assert inset.get_xlabel() == "update"
    assert inset.get_lines()[0].get_xydata()[:3].tolist() == [[1, 0.5], [2, 0.3], [3, 0.1]]
    below = rate.transData.transform((0, 0.01))[1]
    assert below < inset.bbox.y0, "the rest of the run is hidden"


@pytest.mark.parametrize(
    "lr", [[0.3] * 120, list(np.linspace(0.5, 0.01, 120)), [0.3, 0.3, 0.29, 0.29], []]
)
def test_any_other_schedule_has_no_inset(lr):
    assert not figures.plot_runs(with_rates(lr)).axes[2].child_axes


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
