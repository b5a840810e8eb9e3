"""What a result was measured on."""

import platform
import re
from pathlib import Path

from lrbook.mxnet_today import cuda


def hardware(device="cpu(0)"):
    """Return the model of the processor or, for a device ``'gpu(…)'``, of the GPUs."""
    if device.startswith("gpu"):
        return ", ".join(sorted({card.name for card in cuda.cards() if card.usable}))
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", cpuinfo.read_text() if cpuinfo.exists() else "")
    return model[1] if model else platform.processor() or platform.machine()
