"""Recorded runs: one JSON object a line, appended whole, read as a list or a table.

``runs/`` is where the book's results live. Several processes may append to one store at once:
each takes its turn. A file that a power cut left with half a last line loses that line and no
other.
"""

import base64
import contextlib
import json
import os
import warnings
import zlib
from pathlib import Path

import filelock
import numpy as np
import pandas as pd

SCHEMA = 1
_ROOM = Path(__file__).parent
# In a checkout the recorded runs lie beside the package, in an installed one inside it.
_FOLDERS = _ROOM / "recorded", _ROOM.parent.parent / "runs"
RUNS = next(filter(Path.is_dir, _FOLDERS), _FOLDERS[0])


class StoreError(Exception):
    """A store can't be read or written; the message names the file, and the line if one."""


def append(path, record):
    """Append one run to a store, whole or not at all, unless it is there already.

    A torn last line is first moved to ``<path>.torn``, with a warning.

    Parameters
    ----------
    path : path-like
        A store; made when there is none.
    record : dict
        The run, of values that JSON can hold; its ``key`` tells it from every other run.

    Returns
    -------
    bool
        False when a run of that key is in the store.

    Raises
    ------
    StoreError
        If the file can't be written, for instance on a full disk; it is then as it was.
    """
    path = Path(path)
    line = (json.dumps({"schema": SCHEMA, **record}, allow_nan=False) + "\n").encode()
    try:
        with filelock.FileLock(f"{path}.lock"), path.open("a+b", buffering=0) as file:
            _set_torn_line_aside(path, file)
            if _key_text(record["key"]) in _content(file):
                return False
            _write_whole(file, line)
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"{path}: the run could not be written ({reason})") from error
    return True


def _key_text(key):
    return f'"key": {json.dumps(key)}'.encode()


def _content(file):
    file.seek(0)
    return file.read()


def _write_whole(file, content):
    end = file.seek(0, os.SEEK_END)
    try:
        written = 0
        while written < len(content):  # a disk that fills up takes a part
            written += file.write(content[written:])
        os.fsync(file)
    except BaseException:
        file.truncate(end)
        raise


def _set_torn_line_aside(path, file):
    content = _content(file)
    whole = content.rfind(b"\n") + 1
    if whole == len(content):
        return
    with Path(f"{path}.torn").open("ab", buffering=0) as torn:
        _write_whole(torn, content[whole:] + b"\n")
    file.truncate(whole)
    number = content.count(b"\n") + 1
    warnings.warn(f"{_torn(path, number)}; it was moved to {path}.torn", stacklevel=3)


def _torn(path, number):
    return f"{path}, line {number}: torn, as by a power cut; that one run is lost"


def read(path):
    """Return a store's runs as a list of dicts, oldest first.

    A torn last line is left out, with a warning.

    Raises
    ------
    StoreError
        If there is no such file, or a whole line is no run of this schema; it is named by its
        number.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: can't be read ({error.strerror})") from error
    *lines, rest = content.split(b"\n")
    runs = []
    for number, line in enumerate(lines, start=1):
        run = None
        with contextlib.suppress(ValueError):
            run = json.loads(line)
        if not isinstance(run, dict) or run.get("schema") != SCHEMA or "key" not in run:
            raise StoreError(f"{path}, line {number}: not a run of schema {SCHEMA}")
        runs.append(run)
    if rest:
        warnings.warn(_torn(path, len(lines) + 1), stacklevel=2)
    return runs


def table(path):
    """Return a store's runs as a table, one row a run, oldest first.

    Returns
    -------
    pandas.DataFrame
        Columns as in a record, nested ones with a dot (``experiment.base_lr``); the curves are
        lists of one value an epoch. Empty without columns for an empty store.

    Raises
    ------
    StoreError
        As :func:`read`.
    """
    return pd.json_normalize(read(path))


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
