"""Where in a store's file which run lies.

A sweep of thousands asks for every run whether it is recorded: the file is read once, and from
then on only what was appended since.
"""

import json
import os
import threading

SCHEMA = 1


def parse(line):
    """Return the run that a line of a store holds, a dict, or None if it holds none."""
    try:
        run = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return run if isinstance(run, dict) and run.get("schema") == SCHEMA and "key" in run else None


class Index:
    """The runs of one file by their keys, as of the last :meth:`update`.

    Attributes
    ----------
    end, count : int
        Bytes and number of the whole lines.
    rest : bytes
        What follows the last whole line: nothing, unless a writer is at it or was cut off.
    damaged : int or None
        The number of the first line that is no run; 1 is the first line.
    """

    def __init__(self):
        self._changing = threading.Lock()
        self._start_anew()

    def _start_anew(self):
        self.end, self.count, self.rest, self.damaged = 0, 0, b"", None
        self._spans = {}
        self._last, self._stat = b"", None

    def update(self, file):
        """Take in what was appended to a file, opened in binary mode, since the last time.

        A file that is another one by now, or was rewritten, is read from its start.
        """
        with self._changing:
            stat = os.fstat(file.fileno())
            if not self._goes_on(file, stat):
                self._start_anew()
            file.seek(self.end)
            *lines, self.rest = file.read().split(b"\n")
            for line in lines:
                self._add(line)
            self._stat = stat

    def _goes_on(self, file, stat):
        seen = self._stat
        if seen is None or (stat.st_dev, stat.st_ino) != (seen.st_dev, seen.st_ino):
            return False
        if stat.st_size == seen.st_size and stat.st_mtime_ns != seen.st_mtime_ns:
            return False
        file.seek(self.end - len(self._last))
        return file.read(len(self._last)) == self._last

    def _add(self, line):
        self.count += 1
        run = parse(line)
        if run is None:
            self.damaged = self.damaged or self.count
        else:
            self._spans.setdefault(_text(run["key"]), []).append((self.end, len(line)))
        self._last = line + b"\n"
        self.end += len(self._last)

    def __contains__(self, key):
        """Tell whether a run of that key is in a whole line."""
        return _text(key) in self._spans

    def runs(self, key, file):
        """Return the runs of that key in whole lines of the file, oldest first."""
        found = []
        for start, length in self._spans.get(_text(key), []):
            file.seek(start)
            found.append(parse(file.read(length)))
        return found


def _text(key):
    # 1, 1.0 and True are the same key of a dict, but not of a run.
    return json.dumps(key, sort_keys=True)
