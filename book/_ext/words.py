"""How numbers are written: signs, ranges, counts, means."""

import numpy as np

NBSP = "\N{NO-BREAK SPACE}"
JOINER = "\N{WORD JOINER}"


def signed(value):
    """Return '+0.0123', with a real minus sign: an accuracy on 10,000 images has four decimals."""
    return f"{value:+.4f}".replace("-", "\N{MINUS SIGN}")


def between(low, high):
    """Return the interval of a difference: '+0.0081 to +0.0164'."""
    return f"{signed(low)} to {signed(high)}"


def span(low, high, digits=3):
    """Return the interval of what can't be negative: '0.871–0.880'."""
    return f"{low:.{digits}f}{JOINER}–{JOINER}{high:.{digits}f}"


def of(count, total):
    """Return '1 of 5', which doesn't break."""
    return f"{count:.0f}{NBSP}of{NBSP}{total:.0f}"


def mean(row, measure="test_acc"):
    """Return 'mean ± sd' of a measure, from a row of `lrbook.findings.summary`."""
    value, sd = row[f"{measure}_mean"], row[f"{measure}_sd"]
    if np.isnan(value):
        return "none lives"
    return f"{value:.3f}" if np.isnan(sd) else f"{value:.3f}{NBSP}±{NBSP}{sd:.3f}"


def join(items):
    """Return 'a', 'a and b', 'a, b and c'."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
