"""The figure of the case: five runs as a chapter's text has them, and what its builds printed."""

import numpy as np
from matplotlib.figure import Figure

from lrbook import figures
from lrbook.schedules import Constant, Cosine, MultiFactor, SquareRoot, Warmup

# In the order of the chapter: what the builds call it, its name here, and the text's schedule.
RUNS = {
    "constant": ("constant", Constant(0.3)),
    "square_root": ("square root", SquareRoot(1.0)),
    "multi_factor": ("multi-factor", MultiFactor(0.5, (15, 30), 0.5)),
    "cosine": ("cosine", Cosine(0.5, 0.01, 20)),
    "cosine_warmup": ("warmup", Warmup(Cosine(0.5, 0.01, 15), 5)),
}


def case(data):
    """Draw each run's intended rate, and beside it the test accuracy that every build printed."""
    figure = Figure(figsize=(figures.WIDTH, 7.2), layout="constrained")
    axes = figure.subplots(len(RUNS), 2, sharex=True, sharey="col", width_ratios=(2, 3))
    t = np.linspace(0, 30, 601)
    for (rate, accuracy), (policy, (name, schedule)) in zip(axes, RUNS.items(), strict=True):
        colour = figures.colour(name)
        rate.plot(t, schedule(t), color=colour, lw=1.8)
        builds = data.curves[data.curves.policy == policy].filter(like="test_acc_").to_numpy()
        accuracy.plot(range(1, 31), builds.T, color=colour, lw=0.5, alpha=0.35)
        rate.set_title(name, loc="left", fontsize=10)
    axes[0, 1].set_title("test accuracy, as printed", loc="left", fontsize=10)
    axes[0, 0].set(ylim=(0, 1.02))
    axes[0, 1].set(ylim=(0.5, 0.93))
    for rate, _ in axes:
        rate.set(ylabel="rate")
    for ax in axes[-1]:
        ax.set(xlabel="epoch")
    return figure


def alt(data):
    """Say what the figure shows."""
    said = [
        f"{name} {group.test_acc_30[group.test_acc_30 > 0.5].mean():.3f}"
        for policy, (name, _) in RUNS.items()
        for group in [data.curves[data.curves.policy == policy]]
    ]
    return (
        "Five rows: at the left the learning rate that the text describes, at the right the test "
        f"accuracy that {data.curves.build.nunique()} builds printed after every epoch. Mean at "
        f"the end, of those that live: {', '.join(said)}."
    )
