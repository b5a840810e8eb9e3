"""What MXNet's build for CUDA needs on a machine with an NVIDIA GPU.

The last one links against CUDA 11 and cuDNN 8, which come as wheels: they are loaded by path
before MXNet is, so that no LD_LIBRARY_PATH is needed. And it holds machine code for some kinds of
card only: the others are hidden, so that ``d2l.try_gpu()`` answers with the CPU.

``python -m lrbook.mxnet_today.cuda`` prints the packages, from which `make lock` writes
requirements-gpu.txt.
"""

import ctypes
import logging
import os
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

MXNET = "mxnet-cu112==1.9.1"

# The newest packages of CUDA 11, and the libraries in them that MXNet links against, in the
# order in which they need each other.
LIBRARIES = {
    "nvidia-cuda-runtime-cu11==11.8.89": ["cuda_runtime/lib/libcudart.so.11.0"],
    "nvidia-nvtx-cu11==11.8.86": ["nvtx/lib/libnvToolsExt.so.1"],
    "nvidia-cuda-nvrtc-cu11==11.8.89": ["cuda_nvrtc/lib/libnvrtc.so.11.2"],
    "nvidia-cublas-cu11==11.11.3.6": [
        "cublas/lib/libcublasLt.so.11",
        "cublas/lib/libcublas.so.11",
    ],
    "nvidia-cufft-cu11==10.9.0.58": ["cufft/lib/libcufft.so.10"],
    "nvidia-curand-cu11==10.3.0.86": ["curand/lib/libcurand.so.10"],
    "nvidia-cusolver-cu11==11.4.1.48": ["cusolver/lib/libcusolver.so.11"],
    "nvidia-cudnn-cu11==8.9.6.50": ["cudnn/lib/libcudnn.so.8"],
    "nvidia-nccl-cu11==2.21.5": ["nccl/lib/libnccl.so.2"],
}

# A folder of their own: some have files of the same path as the newer ones that PyTorch uses.
FOLDER = Path(sysconfig.get_path("purelib"), "lrbook_cuda11")

# MXNet's build has no PTX, from which a driver could make code for other cards.
_MAJORS = range(5, 9)


class Card(NamedTuple):
    """A GPU, as its driver describes it; `capability` is text such as ``'8.0'``."""

    uuid: str
    name: str
    capability: str

    @property
    def usable(self):
        """Whether MXNet has kernels for it."""
        major = self.capability.partition(".")[0]
        return major.isdecimal() and int(major) in _MAJORS


def cards():
    """Return the NVIDIA GPUs of this machine, none if their driver can't be asked."""
    query = ["nvidia-smi", "--query-gpu=uuid,name,compute_cap", "--format=csv,noheader"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return []
    fields = (line.split(", ") for line in done.stdout.splitlines())
    return [Card(*values) for values in fields if len(values) == 3]


def is_installed():
    """Return whether the MXNet that is installed is the build for CUDA."""
    try:
        metadata.distribution(MXNET.partition("==")[0])
    except metadata.PackageNotFoundError:
        return False
    return True


def load_libraries():
    """Load the libraries, from `FOLDER` or from where pip puts them, as far as they are there.

    Raises
    ------
    OSError
        If one of them is there and can't be loaded.
    """
    folders = [FOLDER, *map(Path, sys.path)]
    for name in (name for names in LIBRARIES.values() for name in names):
        paths = (folder / "nvidia" / name for folder in folders)
        if path := next(filter(Path.is_file, paths), None):
            # MXNet's own search finds what is loaded already, by its name.
            ctypes.CDLL(str(path))


def no_kernels(cards):
    """Return in one line why these cards can't be used."""
    names = ", ".join(f"{card.name} (compute capability {card.capability})" for card in cards)
    return (
        f"{names}: MXNet 1.9.1 has no kernels for it "
        f"(it has them for {_MAJORS[0]}.0 to {_MAJORS[-1]}.9)"
    )


def hide_unusable_cards():
    """Hide the cards that MXNet has no kernels for, and say so in one line."""
    variable = "CUDA_VISIBLE_DEVICES"
    found = cards()
    unusable = [card for card in found if not card.usable]
    usable = [card.uuid for card in found if card.usable]
    chosen = os.environ.get(variable)
    # What you chose stays, unless it can't work.
    if not unusable or chosen == "" or (usable and chosen is not None):
        return
    os.environ[variable] = ",".join(usable)
    instead = "it is left out" if usable else "training runs on the CPU"
    logging.getLogger(__name__).warning("%s; %s", no_kernels(unusable), instead)


if __name__ == "__main__":
    print(MXNET, *LIBRARIES, sep="\n")
