"""The introduction's bowl to drive: a start to drag, sliders, the path, its loss, the formulas.

All of it is computed and drawn in the browser, from `browser/bowl/`, so it is live on the
published page as in a notebook. Symbols, noise and time are those of the introduction: an update
is w ← w - η(t)(∇f(w) + σξ) with ξ standard normal along each weight, and an epoch has 100 updates.
"""

import base64
import inspect
import io
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.figure import Figure

from lrbook import figures
from lrbook.schedules import Constant, Factor, SquareRoot, Warmup

__all__ = ["Bowl", "bowl"]

_HERE = Path(__file__).parent
_UPDATES_PER_EPOCH = 100
# How far out a start may lie, along w₁ and w₂.
_REACH = {"even": (3.4, 1.6), "steep": (4.0, 4.4)}
_LIMITS = {
    "lr": (0.001, 1),
    "kappa": (1, 1000),
    "noise": (0, 2),
    "num_updates": (2, 10_000),
    "seed": (0, 2**32 - 1),
}
_LEVELS = [0.1, 0.5, 1.5, 4, 9, 25, 70]
_SCHEDULES = {
    "constant": Constant,
    "square root": SquareRoot,
    "p = 1": lambda lr: lambda t: lr / (1 + t),
    "p = 2": lambda lr: lambda t: lr / (1 + t) ** 2,
    "factor": lambda lr: Factor(lr, 0.5, 0),
    "warmup": lambda lr: Warmup(Constant(lr), 0.5),
}


class Bowl(anywidget.AnyWidget):
    """The bowl, its controls and its pictures. `bowl` makes it, and says what its traits mean."""

    _esm = (_HERE / "bundles/bowl.js").read_text("utf-8")
    _css = (_HERE / "browser/bowl/bowl.css").read_text("utf-8")
    shape = traitlets.Unicode().tag(sync=True)
    schedule = traitlets.Unicode().tag(sync=True)
    lr = traitlets.Float().tag(sync=True)
    kappa = traitlets.Float().tag(sync=True)
    noise = traitlets.Float().tag(sync=True)
    start = traitlets.List(traitlets.Float()).tag(sync=True)
    num_updates = traitlets.Int().tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    # The book's colour of each schedule, and how far out a start may lie.
    colours = traitlets.Dict().tag(sync=True)
    reach = traitlets.Dict(_REACH).tag(sync=True)

    def __init__(self, **setting):
        """Take the values of the traits, as `bowl` has checked them."""
        colours = {name: figures.colour(name) for name in _SCHEDULES}
        # Black would vanish on a dark page.
        super().__init__(colours=colours | {"constant": "currentColor"}, **setting)

    def __repr__(self):
        """Return the call that makes this bowl: the same text in every run."""
        usual = {p.name: p.default for p in inspect.signature(bowl).parameters.values()}
        setting = {name: getattr(self, name) for name in usual} | {"start": tuple(self.start)}
        told = [f"{name}={value!r}" for name, value in setting.items() if value != usual[name]]
        return f"bowl({', '.join(told)})"

    def _repr_mimebundle_(self, **kwargs):
        # A picture for where no script runs: the repository's own view of a notebook, a PDF.
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "image/png": self._picture()}, metadata

    def _picture(self):
        path, expected = self._descend()
        figure = Figure(figsize=(figures.WIDTH, 4.6), layout="constrained")
        above, below = figure.subplots(2, height_ratios=(5, 4))
        w1, w2 = np.meshgrid(np.linspace(-4, 4, 160), np.linspace(-1, 1, 160) * self._height())
        above.contour(w1, w2, self._loss(w1, w2), _LEVELS, colors="0.7", linewidths=1)
        colour = figures.colour(self.schedule)
        line = {"color": colour, "markersize": 3, "linewidth": 1}
        above.plot(*path.T, ".-" if len(path) < 300 else ".", **line)
        above.set(xlim=(-4, 4), ylim=(-self._height(), self._height()), aspect="equal")
        above.set(xlabel="weight $w_1$", ylabel="weight $w_2$")
        below.semilogy(self._loss(*path.T), color=colour, label="one run")
        if expected is not None:
            below.semilogy(expected, "--", color="#CC79A7", label="formula for the mean")
        below.set(xlabel="time (updates)", ylabel="loss")
        below.legend()
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
        return base64.b64encode(file.getvalue()).decode()

    def _curvatures(self):
        return np.array([0.1, 1] if self.shape == "steep" else [10 / self.kappa, 10])

    def _height(self):
        return 4.6 if self.shape == "steep" else 1.8

    def _loss(self, w1, w2):
        a, b = self._curvatures()
        return (a * w1**2 + b * w2**2) / 2 + (w2**4 / 4 if self.shape == "steep" else 0)

    def _descend(self):
        """Return one run's weights, of shape (num_updates + 1, 2), and the expected losses."""
        rng, curvatures = np.random.default_rng(self.seed), self._curvatures()
        schedule = _SCHEDULES[self.schedule](self.lr)
        path, squares = [np.array(self.start)], [np.square(self.start)]
        for t in range(self.num_updates):
            lr, w = schedule(t / _UPDATES_PER_EPOCH), path[-1]
            steeper = [0, w[1] ** 3] if self.shape == "steep" else 0
            error = self.noise * rng.standard_normal(2)
            path.append(w - lr * (curvatures * w + steeper + error))
            if not np.abs(path[-1]).max() < 1e6:
                break  # it has left the picture for good
            squares.append((1 - lr * curvatures) ** 2 * squares[-1] + (lr * self.noise) ** 2)
        expected = (curvatures * squares).sum(axis=1) / 2
        return np.array(path), None if self.shape == "steep" else expected


def bowl(
    lr=0.15,
    *,
    schedule="constant",
    shape="even",
    kappa=10,
    noise=0.0,
    start=(3.0, 1.0),
    num_updates=20,
    seed=0,
):
    r"""Return the introduction's bowl with a start to drag and sliders, live without a kernel.

    Parameters
    ----------
    lr : float
        :math:`\eta`, the base learning rate, in [0.001, 1].
    schedule : str
        ``"constant"``; ``"square root"``, ``"p = 1"`` and ``"p = 2"``, which are
        :math:`\eta(1 + t)^{-p}` with t in epochs; ``"factor"``, half the rate every epoch; or
        ``"warmup"``, a rise from 0 over half an epoch.
    shape : str
        ``"even"``: :math:`\frac{1}{2}(\lambda_1 w_1^2 + \lambda_2 w_2^2)` with
        :math:`\lambda_2 = 10`. ``"steep"``, steeper far out:
        :math:`\frac{1}{2}(0.1 w_1^2 + w_2^2) + \frac{1}{4} w_2^4`.
    kappa : float
        :math:`\kappa = \lambda_2/\lambda_1` of the even bowl, in [1, 1000].
    noise : float
        :math:`\sigma`, the standard deviation of a gradient's error along each weight, in [0, 2].
    start : pair of float
        Where the descent starts, within (±3.4, ±1.6) on the even bowl, (±4, ±4.4) on the steep.
    num_updates : int
        How many updates there are, in [2, 10000]; an epoch has 100.
    seed : int
        Of the noise, in [0, 2³²).

    Returns
    -------
    Bowl
        A widget; its traits have the names of these parameters and follow the reader's hand.

    Raises
    ------
    ValueError
        If a parameter is out of its range.
    """
    start = tuple(float(w) for w in start)
    values = {"lr": lr, "kappa": kappa, "noise": noise, "num_updates": num_updates, "seed": seed}
    for name, offered in (("schedule", _SCHEDULES), ("shape", _REACH)):
        if (given := {"schedule": schedule, "shape": shape}[name]) not in offered:
            raise ValueError(f"bowl: {name} must be one of {[*offered]}, not {given!r}")
    for name, value in values.items():
        low, high = _LIMITS[name]
        if not low <= value <= high:
            raise ValueError(f"bowl: {name} must be in [{low:g}, {high:g}], not {value!r}")
    reach = _REACH[shape]
    if len(start) != 2 or not all(abs(w) <= far for w, far in zip(start, reach, strict=True)):
        raise ValueError(f"bowl: start must be within ±{reach[0]:g}, ±{reach[1]:g}, not {start!r}")
    return Bowl(schedule=schedule, shape=shape, start=list(start), **values)
