"""Cards that MXNet has no kernels for are hidden; its libraries are found where they are put."""

import os
import subprocess
import sys

import pytest

from lrbook.mxnet_today import compat, cuda
from tests.book import ROOT

H200 = "GPU-h, NVIDIA H200, 9.0"
A100 = "GPU-a, NVIDIA A100-SXM4-80GB, 8.0"
T4 = "GPU-t, Tesla T4, 7.5"
K80 = "GPU-k, Tesla K80, 3.7"
NO_KERNELS = "MXNet 1.9.1 has no kernels for it (it has them for 5.0 to 8.9)"


def nvidia_smi(folder, *lines, status=0):
    """Put an nvidia-smi into the folder, and return a PATH that has it first."""
    script = folder / "nvidia-smi"
    script.write_text("#!/bin/sh\ncat <<'END'\n" + "\n".join([*lines, "END", f"exit {status}", ""]))
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def hide(path, chosen=None):
    """Hide what is unusable in a process of its own; return what is left, and the warning."""
    variables = {k: v for k, v in os.environ.items() if k != "CUDA_VISIBLE_DEVICES"}
    if chosen is not None:
        variables["CUDA_VISIBLE_DEVICES"] = chosen
    code = (
        "import os; from lrbook.mxnet_today import cuda; cuda.hide_unusable_cards();"
        "print(os.environ.get('CUDA_VISIBLE_DEVICES'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=variables | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return done.stdout.removesuffix("\n"), done.stderr


@pytest.mark.parametrize(
    ("lines", "chosen", "left", "warning"),
    [
        ([A100, T4], None, "None", ""),
        (
            [H200],
            None,
            "",
            f"NVIDIA H200 (compute capability 9.0): {NO_KERNELS}; training runs on the CPU\n",
        ),
        (
            [K80, H200],
            "0,1",
            "",
            "Tesla K80 (compute capability 3.7), NVIDIA H200 (compute capability 9.0): "
            f"{NO_KERNELS}; training runs on the CPU\n",
        ),
        (
            [H200, A100, T4],
            None,
            "GPU-a,GPU-t",
            f"NVIDIA H200 (compute capability 9.0): {NO_KERNELS}; it is left out\n",
        ),
        ([H200, A100], "1", "1", ""),
        ([H200], "", "", ""),
    ],
)
def test_unusable_cards_are_hidden(tmp_path, lines, chosen, left, warning):
    assert hide(nvidia_smi(tmp_path, *lines), chosen) == (left, warning)


def test_nothing_changes_where_the_driver_cannot_be_asked(tmp_path):
    assert hide(str(tmp_path)) == ("None", ""), "no nvidia-smi"
    failing = nvidia_smi(tmp_path, "Unable to determine the device handle for GPU", status=255)
    assert hide(failing) == ("None", "")
    unknown = nvidia_smi(tmp_path, 'Field "compute_cap" is not a valid field to query.', status=0)
    assert hide(unknown) == ("None", "")


def test_the_build_for_the_cpu_asks_for_no_card(tmp_path):
    if cuda.is_installed():
        pytest.skip("this is the build for CUDA")
    done = subprocess.run(
        [sys.executable, "-c", "import lrbook, mxnet, os; print(os.environ['PATH'])"],
        env=os.environ | {"PATH": nvidia_smi(tmp_path, H200)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout.startswith(str(tmp_path))
    assert done.stderr == ""


def test_libraries_are_loaded_from_their_folder_first(tmp_path, monkeypatch):
    # A library that can't be loaded is named by its path: that tells which one was tried.
    for place in ("folder", "path"):
        library = tmp_path / place / "nvidia" / "cuda_runtime/lib/libcudart.so.11.0"
        library.parent.mkdir(parents=True)
        library.write_text("no library")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "path")])
    with pytest.raises(OSError, match=str(tmp_path / "path")):
        cuda.load_libraries()
    monkeypatch.setattr(cuda, "FOLDER", tmp_path / "folder")
    with pytest.raises(OSError, match=str(tmp_path / "folder")):
        cuda.load_libraries()


def test_pins_are_the_same_everywhere():
    locked = {
        line.split()[0]
        for line in (ROOT / "requirements-gpu.txt").read_text("utf-8").splitlines()
        if line[0] not in "# "
    }
    assert locked == {cuda.MXNET, *cuda.LIBRARIES}, "make lock"
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    for pin in (compat.MXNET, compat.D2L):
        assert f"\n{pin} " in lock
    assert "-cu11" not in lock


def test_the_benchmark_without_a_gpu_says_so_and_writes_nothing():
    report = ROOT / "benchmarks" / "gpu.json"
    before = report.read_bytes() if report.exists() else None
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu"],
        cwd=ROOT,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "benchmarks.gpu: there is no GPU that MXNet 1.9.1 can use; nothing is written\n"
    )
    assert (report.read_bytes() if report.exists() else None) == before
