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

from lrbook.runs.index import SCHEMA, Index, parse

_ROOM = Path(__file__).parent
# In a checkout the recorded runs lie beside the package, in an installed one inside it.
_FOLDERS = _ROOM / "recorded", _ROOM.parent.parent / "runs"
RUNS = next(filter(Path.is_dir, _FOLDERS), _FOLDERS[0])
# A writer holds the lock for as long as one line takes; a reader waits so many seconds for it.
_PATIENCE = 10
_indexes = {}  # of every store that this process wrote to or searched


class StoreError(Exception):
    """A store can't be read or written; the message names the file, and the line if one."""


def append(path, record):
    """Append one run to a store, whole or not at all, unless it is there already.

    A torn last line is first moved to ``<path>.torn``, with a warning; a last line that lacks
    its newline alone gets it.

    Parameters
    ----------
    path : path-like
        A store; made when there is none, in a folder that is there.
    record : dict
        The run, of values that JSON can hold; its ``key`` tells it from every other run.

    Returns
    -------
    bool
        False when a run of that key is in the store.

    Raises
    ------
    StoreError
        If `record` is no run, or the file can't be written, for instance on a full disk; the
        store is then as it was.
    """
    path = Path(path)
    line = _line(path, record)
    with _turn(path) as (file, index):
        if record["key"] in index:
            return False
        _write_whole(file, line)
    return True


def check_writable(path):
    """Make sure that :func:`append` can write, before a run is trained and not after it.

    An empty store is made when there is none.

    Raises
    ------
    StoreError
        If it can't.
    """
    with _turn(Path(path)):
        pass


def _line(path, record):
    """Return a run as the line of a store."""
    if not isinstance(record, dict):
        problem = f"it is a {type(record).__name__}, not a dict"
    elif "key" not in record:
        problem = "it has no 'key'"
    elif record.get("schema", SCHEMA) != SCHEMA:
        problem = f"its schema is {record['schema']!r}, not {SCHEMA}"
    else:
        try:
            return json.dumps({"schema": SCHEMA, **record}, allow_nan=False).encode() + b"\n"
        except (TypeError, ValueError, RecursionError) as error:
            problem = str(error)
    raise StoreError(f"{path}: this run can't be recorded: {problem}")


@contextlib.contextmanager
def _turn(path):
    """Take a turn at writing; yield the file, ending in a whole line, and its index."""
    try:
        # The lock would make it, and a misspelt name would be believed.
        if not path.parent.is_dir():
            raise StoreError(f"{path}: there is no folder {path.parent}")
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: the run could not be written (not a file)")
        with filelock.FileLock(_lock_of(path)), path.open("a+b", buffering=0) as file:
            index = _index_of(path)
            index.update(file)
            if index.rest:
                _end_last_line(path, file, index)
                index.update(file)
            yield file, index
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(f"{path}: the run could not be written ({reason})") from error


def _lock_of(path):
    # Of the file itself: a link to it is no second store.
    return f"{os.path.realpath(path)}.lock"


def _index_of(path):
    return _indexes.setdefault(os.path.realpath(path), Index())


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


def _end_last_line(path, file, index):
    if parse(index.rest):
        _write_whole(file, b"\n")
        return
    with Path(f"{path}.torn").open("ab", buffering=0) as torn:
        _write_whole(torn, index.rest + b"\n")
    file.truncate(index.end)
    message = f"{_torn(path, index.count + 1)}; it was moved to {path}.torn"
    warnings.warn(message, stacklevel=5)


def _torn(path, number):
    return f"{path}, line {number}: torn, as by a power cut; that one run is lost"


def read(path):
    """Return a store's runs as a list of dicts, oldest first.

    A torn last line is left out, with a warning; one that is just being written is waited for.

    Raises
    ------
    StoreError
        If there is no such file, or a whole line is no run of this schema; it is named by its
        number.
    """
    path = Path(path)
    content = _content(path)
    if _ends_torn(content) and Path(_lock_of(path)).exists():
        # In a writer's turn there is no other writer, so what is half then stays half.
        with (
            contextlib.suppress(OSError),  # a store that only others may write
            filelock.FileLock(_lock_of(path), timeout=_PATIENCE),
        ):
            content = _content(path)
    torn = _ends_torn(content)
    lines = content.split(b"\n")
    if torn or not lines[-1]:
        lines.pop()
    runs = []
    for number, line in enumerate(lines, start=1):
        runs.append(parse(line))
        if runs[-1] is None:
            raise _no_run(path, number)
    if torn:
        warnings.warn(_torn(path, len(lines) + 1), stacklevel=2)
    return runs


def _content(path):
    try:
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: can't be read (not a file)")
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: can't be read ({error.strerror})") from error


def _ends_torn(content):
    rest = content[content.rfind(b"\n") + 1 :]
    return bool(rest) and parse(rest) is None


def _no_run(path, number):
    return StoreError(f"{path}, line {number}: not a run of schema {SCHEMA}")


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
    """Return the newest run of a store that has all the `wanted` values, or None.

    To find one by its ``key`` costs no more in a large store than in a small one.

    Raises
    ------
    StoreError
        As :func:`read`, but for a store that isn't there: it has no such run.
    """
    path = Path(path)
    if not path.exists():
        return None
    runs = _of_key(path, wanted["key"]) if "key" in wanted else read(path)
    for run in reversed(runs):
        if all(run.get(name) == value for name, value in wanted.items()):
            return run
    return None


def _of_key(path, key):
    index = _index_of(path)
    try:
        with path.open("rb", buffering=0) as file:
            index.update(file)
            last = parse(index.rest)
            runs = index.runs(key, file)
    except OSError as error:
        raise StoreError(f"{path}: can't be read ({error.strerror})") from error
    if index.damaged:
        raise _no_run(path, index.damaged)
    return [*runs, last] if last else runs


def pack(numbers):
    """Return an array of float64 as text, exactly."""
    return base64.b64encode(zlib.compress(np.asarray(numbers, "<f8").tobytes(), 9)).decode()


def unpack(text):
    """Return the array that :func:`pack` made into text."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f8").copy()
