"""What the setup cell installs, by real pip from a folder of tiny wheels of the same names."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from uv import find_uv_bin

from lrbook.mxnet_today import compat, cuda
from tests.book import ROOT
from tests.test_cuda import H200, NO_KERNELS, T4, nvidia_smi


def tiny_wheel(folder, pin, *files):
    """Write a wheel that holds only empty files."""
    name, version = pin.replace("-", "_").split("==")
    about = f"{name}-{version}.dist-info"
    contents = {
        **dict.fromkeys(files, ""),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        record += f"{path},sha256={digest.rstrip('=')},{len(text)}\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in {**contents, f"{about}/RECORD": record}.items():
            wheel.writestr(path, text)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A folder with wheels of all that may be installed."""
    folder = tmp_path_factory.mktemp("wheels")
    for pin in (compat.MXNET, cuda.MXNET):
        tiny_wheel(folder, pin, "mxnet/__init__.py")
    tiny_wheel(folder, compat.D2L, "d2l/__init__.py")
    for pin, names in cuda.LIBRARIES.items():
        tiny_wheel(folder, pin, *(f"nvidia/{name}" for name in names))
    return folder


@pytest.fixture
def setup(tmp_path, wheels):
    """Call what a setup cell calls in a new environment that has pip and NumPy."""
    python = tmp_path / "environment/bin/python"
    uv = [find_uv_bin(), "--quiet"]
    subprocess.run(
        [*uv, "venv", "--seed", "--python", sys.executable, tmp_path / "environment"], check=True
    )
    subprocess.run(
        [*uv, "pip", "install", "--python", python, f"numpy=={np.__version__}"], check=True
    )

    def call(path=os.environ["PATH"], links=wheels):
        settings = {
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(links),
        }
        code = "from lrbook.mxnet_today import install; install.mxnet(); import d2l"
        return subprocess.run(
            [python, "-c", code],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def installed():
        [site] = tmp_path.glob("environment/lib/*/site-packages")
        return {
            path.name.removesuffix(".dist-info")
            for path in (*site.glob("*.dist-info"), *site.glob("lrbook_cuda11/*.dist-info"))
            if path.name.startswith(("mxnet", "d2l", "nvidia"))
        }, site

    call.installed = installed
    return call


@pytest.mark.parametrize(
    ("cards", "reason"),
    [
        ([], ""),
        (
            [H200],
            f"NVIDIA H200 (compute capability 9.0): {NO_KERNELS}; training runs on the CPU\n",
        ),
    ],
)
def test_without_a_usable_gpu_it_is_the_build_for_the_cpu(setup, tmp_path, cards, reason):
    done = setup(nvidia_smi(tmp_path, *cards))
    said = f"{reason}Installing {compat.MXNET} and {compat.D2L} ...\n"
    assert (done.stdout, done.stderr) == (said, "")
    assert setup.installed()[0] == {"mxnet-1.9.1", "d2l-1.0.3"}
    done = setup(nvidia_smi(tmp_path, T4))
    assert (done.stdout, done.stderr) == ("", ""), "once is enough"
    assert setup.installed()[0] == {"mxnet-1.9.1", "d2l-1.0.3"}


def test_with_a_gpu_it_is_the_build_for_cuda_with_its_libraries_apart(setup, tmp_path):
    done = setup(nvidia_smi(tmp_path, H200, T4))
    assert done.stdout == f"Installing {cuda.MXNET} and {compat.D2L} ...\n", done.stderr
    found, site = setup.installed()
    pins = (cuda.MXNET, compat.D2L, *cuda.LIBRARIES)
    assert found == {pin.replace("-", "_").replace("==", "-") for pin in pins}
    assert not (site / "nvidia").exists()
    for name in (name for names in cuda.LIBRARIES.values() for name in names):
        assert (site / "lrbook_cuda11/nvidia" / name).is_file()


def test_what_pip_says_when_it_fails_is_shown(setup, tmp_path):
    done = setup(links=tmp_path)
    assert done.returncode
    assert "No matching distribution found for mxnet==1.9.1" in done.stderr
    assert not setup.installed()[0]
