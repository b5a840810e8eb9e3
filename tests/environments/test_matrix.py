"""MXNet trains alike on every Python of this machine, with the oldest and newest packages.

`make test` tries the two ends: the oldest packages, and the newest on the newest Python. What lies
between is for `make soak`.
"""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from lrbook.mxnet_today import compat
from tests.book import ROOT
from tests.environments.environment import install, make, pythons, run, uv

HERE = Path(__file__).parent
NEIGHBOURS = ("pytest>=8.0", "scikit-learn>=1.2.1", "scipy>=1.10")
# Name → version of Python and how uv chooses among the versions that the book allows.
ENVIRONMENTS = {f"newest on {version}": (version, "highest") for version in pythons()}
if "3.11" in pythons():  # the only one of the three for which there was a NumPy 1.23
    ENVIRONMENTS["oldest"] = ("3.11", "lowest-direct")


def check(folder, wheel, version, resolution):
    """Make an environment, run all checks in it, and return the report of its training."""
    start = time.monotonic()
    python = make(folder / "environment", version)
    chosen = ("--resolution", resolution, "--requirement", ROOT / "pyproject.toml", *NEIGHBOURS)
    install(python, *chosen)
    install(python, "--no-deps", wheel, compat.MXNET, compat.D2L)
    shutil.copy(ROOT / "tests" / "test_compat.py", folder)
    run(python, "-m", "pytest", "--quiet", "test_compat.py", cwd=folder)
    for order in ("before", "after"):
        run(python, HERE / "neighbours.py", order, cwd=folder)
    report = json.loads(run(python, HERE / "lenet.py", cwd=folder))
    return report | {"seconds": round(time.monotonic() - start)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def reports(request, tmp_path_factory, wheel):
    """The environments' reports, under way: two at once."""
    chosen = ENVIRONMENTS if request.config.getoption("soak") else list(ENVIRONMENTS)[-2:]
    with ThreadPoolExecutor(2) as pool:
        yield {
            name: pool.submit(check, tmp_path_factory.mktemp("matrix"), wheel, *ENVIRONMENTS[name])
            for name in chosen
        }


def test_they_work(reports, record_property):
    for name, report in reports.items():
        assert report.result()["curves"], name
    record_property("environments", list(reports))


def test_the_oldest_has_numpy_1_23_and_the_newest_numpy_2(reports):
    assert any(name != "oldest" for name in reports)
    for name, report in reports.items():
        numpy = report.result()["versions"]["numpy"]
        assert numpy.startswith("1.23." if name == "oldest" else "2."), name


def test_the_same_seed_gives_the_same_curve_everywhere(reports):
    done = {name: report.result() for name, report in reports.items()}
    print("\n")
    for name, report in done.items():
        versions = ", ".join(map(" ".join, report["versions"].items()))
        loss = report["curves"]["train loss"][-1]
        print(f"{name}: loss {loss!r} in {report['seconds']} s, with {versions}")
    first, *others = (report["curves"] for report in done.values())
    assert first["train loss"][-1] < 1.5, "it learns"
    for other in others:
        for curve, values in first.items():
            np.testing.assert_allclose(other[curve], values, rtol=1e-5, err_msg=curve)


def test_an_experiment_has_the_same_key_everywhere(reports):
    assert len({report.result()["key"] for report in reports.values()}) == 1


def test_without_mxnet_the_rest_works_and_training_says_what_is_missing(tmp_path, wheel):
    python = make(tmp_path / "environment", max(pythons(), key=float))
    install(python, wheel)
    said = run(python, HERE / "no_mxnet.py", cwd=tmp_path).splitlines()
    line = (
        "Training needs MXNet, which isn't installed: "
        f"pip install --no-deps {compat.MXNET} {compat.D2L}"
    )
    assert said == [line] * 3
