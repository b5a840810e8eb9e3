"""What the first cell of a notebook installs: MXNet for this machine, where it isn't yet."""

import importlib
import platform
import subprocess
import sys
from importlib.util import find_spec

from lrbook.mxnet_today import compat, cuda


def mxnet():
    """Install MXNet and d2l, unless they are there; nothing else that is there changes.

    With an NVIDIA GPU whose kind MXNet knows it is the build for CUDA with CUDA's libraries,
    2.1 GB, otherwise the build for the CPU. A line says which, and why where MXNet doesn't know
    the GPU or was never built for the platform. No restart of the kernel is needed.

    Raises
    ------
    RuntimeError
        If pip fails; the message holds what it said.
    """
    if find_spec("mxnet") and find_spec("d2l"):
        return
    if reason := compat.why_no_wheel():
        print(reason)
        return
    cards = cuda.cards()
    usable = any(card.usable for card in cards)
    if cards and not usable:
        print(f"{cuda.no_kernels(cards)}; training runs on the CPU")
    # The build for CUDA exists for this processor only.
    build = cuda.MXNET if usable and platform.machine() == "x86_64" else compat.MXNET
    print(f"Installing {build} and {compat.D2L} ...")
    if build == cuda.MXNET:
        # First, so that MXNet is never there without them; anew, should a part be there.
        _pip("--upgrade", "--target", str(cuda.FOLDER), *cuda.LIBRARIES)
    _pip(build, compat.D2L)
    importlib.invalidate_caches()


def _pip(*arguments):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
