"""What every benchmark does with its figures."""

import json
import statistics
from pathlib import Path


def spread(values):
    """Return the least, the median and the greatest of some ratios, to two decimals."""
    return [round(f(values), 2) for f in (min, statistics.median, max)]


def write(script, report):
    """Write a report beside the script that made it, as JSON and whole, and print it."""
    text = json.dumps(report, indent=1) + "\n"
    path = Path(script).with_suffix(".json")
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text)
    unfinished.replace(path)
    print(text)
