"""Recorded runs: one JSON object a line, appended whole.

``runs/`` is where the book's results live. A run that ended (also a dead one) is recorded
when the environment variable ``LRBOOK_RUNS`` names a file; the same run of the same code is
then read from there instead of being trained again.
"""

import base64
import json
import os
import zlib
from pathlib import Path

import numpy as np

SCHEMA = 1
_HERE = Path(__file__).parent
# In a checkout the recorded runs lie beside the package, in an installed one inside it.
RUNS = next((p for p in (_HERE / "runs", _HERE.parent / "runs") if p.is_dir()), _HERE / "runs")


class StoreError(Exception):
    """A store of recorded runs can't be read; the message names the file and the line."""


def append(path, record):
    """Append one run to a store, whole or not at all if the process dies.

    Parameters
    ----------
    path : path-like
        A store; made when there is none.
    record : dict
        The run, of values that JSON can hold.
    """
    line = json.dumps({"schema": SCHEMA, **record}, allow_nan=False) + "\n"
    # One write to a file opened for appending: two processes don't mix their lines.
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(fd, line.encode())
        os.fsync(fd)
    finally:
        os.close(fd)


def read(path):
    """Return a store's runs as a list of dicts, oldest first.

    Raises
    ------
    StoreError
        If a line is no run of this schema; it is named by its number.
    """
    runs = []
    for number, line in enumerate(Path(path).read_text().splitlines(), start=1):
        try:
            run = json.loads(line)
            known = run["schema"] == SCHEMA
        except (ValueError, TypeError, KeyError):
            known = False
        if not known:
            raise StoreError(f"{path}, line {number}: not a run of schema {SCHEMA}")
        runs.append(run)
    return runs


def find(path, **wanted):
    """Return the newest run of a store that has all the `wanted` values, or None."""
    if not Path(path).exists():
        return None
    for run in reversed(read(path)):
        if all(run.get(name) == value for name, value in wanted.items()):
            return run
    return None


def pack(numbers):
    """Return an array of float64 as text, exactly."""
    return base64.b64encode(zlib.compress(np.asarray(numbers, "<f8").tobytes(), 9)).decode()


def unpack(text):
    """Return the array that :func:`pack` made into text."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f8").copy()
